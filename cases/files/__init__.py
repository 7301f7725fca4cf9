"""Case files (YAML and JSON): one case or a list of them, every scalar kept as text."""
