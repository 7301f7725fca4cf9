"""Case + form → issued DOCX and PDF: bind, fill, lay out, mark, check."""
