"""What was printed: whether it still stands as it was issued, and what was put in between."""
