"""What the sources of a workspace's cases are called; apart, since every command knows where they are, and few read."""

ROSTER = "roster.xlsx"
ROSTERS_FOLDER = "rosters"
CASES_FOLDER = "cases"
