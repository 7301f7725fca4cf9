"""What forms are filled with: the case model, the files that cases are read from, identifiers, dates and samples.

``model`` says what a case is, ``values`` and ``identifiers`` how single values are read; ``checking`` makes a case from
raw data, or says everything that is wrong with it. ``roster`` and ``files`` read workbooks, YAML and JSON into a
``case_set.CaseSet``; ``workspace_cases`` reads all files of a workspace; ``samples`` holds cases to try.
"""
