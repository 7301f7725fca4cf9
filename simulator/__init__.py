"""Simulated returns (模拟回件): what enterprises and scanners would send back of issued documents, with the truth.

For the demo, the tests and the benches; never installed with the program. It shares no code with the reader: pages are
rendered, written on, sealed, damaged and scanned here from the issued PDF and the registry alone, so that readings
can be checked against something the reader did not make. From the reader it takes only the type of an issued document::

    IssuedDocument ─ paper ─► blank sheets, 300 dpi
                   ─ filling ─► the plan of a complete return, then the filled sheets (drawn by ink)
                   ─ defects ─► plan, sheets or pictures changed: left blank, altered, torn, smudged …
                   ─ scanning ─► pictures (tiers A to D)
                   ─ files ─► PDF, TIFF, JPEG and PNG files, beside truth.json
                   ─ digital ─► or a filled, signed or edited PDF or DOCX

``cases`` and ``workspaces`` make what is issued in the first place. Everything random comes from the ``numpy``
generator that is passed in: the same seed gives the same returns.
"""
