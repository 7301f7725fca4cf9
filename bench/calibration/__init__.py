"""Calibrating the thresholds of the observers: readings of simulated returns, suggestions, and a page of both."""
