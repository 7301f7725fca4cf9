"""Archiving (归档): which documents the files of a case need, what is there, and whether the case can be filed."""
