"""Workspaces for tests and measurements: made from cases, issued, and read back as issued documents."""
