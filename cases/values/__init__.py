"""Single values as people write them (text, dates, ids, stages), each read strictly or rejected in Chinese."""
