"""The case (案件) as a tree of field ids: a module for each part of it, the types of its fields, and their look-up."""
