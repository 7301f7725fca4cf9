"""Reads returned files: what the fields of an issued document say, whether its print is unaltered, and the verdict."""
