"""``daiban merge``: several departments' 研判表 as one 研判, beside its case."""
