"""The case (案件) as a tree of field ids, one module for each part of it."""
