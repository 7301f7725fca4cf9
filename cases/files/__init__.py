"""Case files (YAML and JSON), every scalar read as text, and the merged 研判 that replaces a case's own."""
