"""A form's template.docx: its package, content controls, tags, reading order and type."""
