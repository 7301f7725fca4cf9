"""Defects of paper and light."""
