"""Whose page a raster is: by its page marks, else by what is printed."""

from extractors.identify.marks import NoSighting, find_codes, sight

__all__ = ["NoSighting", "find_codes", "sight"]
