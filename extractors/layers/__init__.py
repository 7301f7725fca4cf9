"""Layers (图层): the one picture of a registered page, computed once, that all observers ask."""
