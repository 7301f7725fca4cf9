"""From a template and a case's values to a filled DOCX."""
