"""The named defects (毛病) a return can have, and what a reader should report of each."""
