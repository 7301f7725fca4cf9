"""Returned files of any kind, opened safely: pages as rasters, or a born-digital document."""
