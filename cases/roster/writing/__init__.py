"""The steps of writing a roster: the rows of a case, the sheets, how they look, the guide."""
