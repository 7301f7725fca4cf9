"""Official identifiers: one module per format, each with the same verbs.

``compact(text)``: the form it is stored in; ``validate(text)``: every flaw, errors and warnings, an empty
tuple for none; ``is_valid(text)``: whether nothing is certainly wrong with it.
"""
