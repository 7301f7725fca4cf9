"""Born-digital returns: filled and signed PDF files, edited DOCX files."""
