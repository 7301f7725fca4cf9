"""The enterprise's door (企业): one case, by a code."""
