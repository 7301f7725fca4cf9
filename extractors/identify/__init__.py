"""Whose page a raster is: by its page marks, else by what is printed."""
