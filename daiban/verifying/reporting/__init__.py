"""What was found, said to people and programs: one value (:mod:`daiban.verifying.outcome`), drawn as HTML and XLSX."""
