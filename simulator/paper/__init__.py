"""Sheets of paper: issued pages as pixels that can be written on, and their page marks."""
