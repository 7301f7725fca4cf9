"""What stands on a registered page, field by field: the difference from our own original."""
