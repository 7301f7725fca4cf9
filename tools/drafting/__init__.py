"""Drafts the first template of a form in Python; afterwards the template is edited in Word or WPS."""
