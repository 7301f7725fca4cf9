"""Checks of a form's definition and template (daiban forms check), every problem at once with its place."""
