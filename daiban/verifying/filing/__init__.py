"""From documents to ``returned/<case>/<form>/`` (归档): files and record, so that a kill leaves nothing half done."""
