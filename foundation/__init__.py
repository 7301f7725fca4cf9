"""What every room stands on: errors and exit codes, worker processes, digests, the nearest known name, safe writing."""
