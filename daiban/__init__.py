"""daiban (代办): fills, issues and reads back the forms of project-approval concierge offices."""

__version__ = "0.1.0"
