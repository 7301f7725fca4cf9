"""Data that only the drafted papers of a document need: one module per source document."""
