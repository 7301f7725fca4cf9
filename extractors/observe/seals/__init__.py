"""Seals (印章): where they are on a page, of what shape, and what they hide."""
