"""What can be filled: one folder per source document, one per form in it (form.toml, template.docx)."""
