"""Jobs (任务): long work on record, done by one process, that survives a restart, a kill and a closed browser."""
