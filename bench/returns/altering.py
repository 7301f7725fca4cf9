"""Defects of print that was changed."""
