"""Returned file → facts: what the fields of a document say, found by their ids."""
