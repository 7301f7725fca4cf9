"""Handing out (分发): what was issued as one file to print, or as files under names that people read."""
