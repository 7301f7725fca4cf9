"""Defects that look like a signature and are none."""
