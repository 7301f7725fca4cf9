"""Simulated returns (模拟回件): what an enterprise and a scanner would send back of issued documents, with the truth.

Shares no code with the reader: pages are rendered, written on, sealed, spoilt and scanned here from the issued
PDF and the registry alone, so that what the reader says can be held against something it did not make::

    IssuedDocument ─ sheets ─► blank pages, 300 dpi
                   ─ plan ─► what a complete return says, changed by the defects asked for
                   ─ filling, seals, people ─► paper
                   ─ spoiling ─► paper that was altered, torn, smudged …
                   ─ scanning ─► pictures (tiers A to D)
                   ─ pile ─► files, shuffled, beside truth.json

Everything random comes from the ``numpy`` generator that is passed in: the same seed, the same pile.
"""
