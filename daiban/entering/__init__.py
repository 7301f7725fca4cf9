"""Entering a single case without Excel (录入): the form it is typed in, the checks of the roster, and its file."""
