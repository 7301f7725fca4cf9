"""Returned files of any kind, opened safely: pages as rasters, or a born-digital document."""

from extractors.opening.bounds import DEADLINE_EXIT, deadline, keep_freed_memory, limit_process
from extractors.opening.collect import CollectedFiles, collect
from extractors.opening.returns import OpenedReturn, open_return

__all__ = [
    "DEADLINE_EXIT",
    "CollectedFiles",
    "OpenedReturn",
    "collect",
    "deadline",
    "keep_freed_memory",
    "limit_process",
    "open_return",
]
