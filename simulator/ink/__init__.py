"""What people put on paper: handwriting, signatures, ticks, typed text, seals."""
