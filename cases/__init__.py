"""What forms are filled with: the case model, its readers, identifiers, dates and samples.

``model`` (with ``plan``, ``assessment``, ``values``) says what a case is; ``checking`` makes one from raw
data or says everything that is wrong. ``casefile`` and ``roster`` read YAML, JSON and workbooks into a
``caseset.CaseSet``; ``workspace_cases`` reads a whole workspace; ``roster_write`` writes workbooks;
``samples`` holds ten cases to try.
"""
