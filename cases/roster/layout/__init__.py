"""What sheets and columns a roster has: the models of ``cases/roster/sheets/*.toml``, and their loading and checks."""
