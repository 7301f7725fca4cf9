"""Set-up, checks of the wheel, and the drafting of first templates; for developers, never shipped."""
