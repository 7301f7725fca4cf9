"""Case data for tests and measurements: plausible cases in any number, and contents for each form."""
