"""The page (网页): three doors to the same operations as the command line, for people with a browser.

Nothing in here decides about documents. A view asks an operation or the Office and draws the answer. Django's own
database (``WS/page.sqlite``) holds accounts, sessions, jobs, the audit log and what waits; the registry stays the truth
about documents and decisions.
"""
