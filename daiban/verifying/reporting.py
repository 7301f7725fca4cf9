"""A batch's name, of its report files too."""

from __future__ import annotations

import datetime as dt
from itertools import chain, count
from pathlib import Path


def batch_name(reports: Path, now: dt.datetime) -> str:
    """``verify-20260305-141502``, or with ``-2`` … where that is taken."""
    name = f"verify-{now.astimezone():%Y%m%d-%H%M%S}"
    names = chain([name], (f"{name}-{times}" for times in count(2)))
    return next(one for one in names if not (reports / f"{one}.html").exists())
