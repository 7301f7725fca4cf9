"""One module per version of the tables, each with the step from the version before it.

What is written here stays as it is: it says what the tables were, whatever :mod:`daiban.registry.tables` says now.
"""
