"""Filling a form: what a complete return says, and writing it onto the sheets."""
