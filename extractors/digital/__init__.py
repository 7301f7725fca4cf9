"""Returns that never were paper: filled PDF forms, digital signatures, edited DOCX."""
