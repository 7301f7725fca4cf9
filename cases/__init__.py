"""What forms are filled with: the case model, its readers, identifiers, dates and samples."""
