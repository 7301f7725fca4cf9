"""Kinds of value as people write them: text, dates, names, stages; each read strictly or refused in Chinese."""
