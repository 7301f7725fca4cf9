"""Which period (期) a periodical paper is of: what it prints at the fields that its form names (``per_period``)."""

from __future__ import annotations

import datetime as dt
import re

from forms.definition import THIS_MONTH
from generator.bind import Bound
from generator.values import written

_UNFIT = re.compile(r"[^\w\-]+")
_LONGEST = 40  # characters; it names a folder


def period_said(bound: Bound, today: dt.date) -> str | None:
    """The period of a document, as its record and the folder of past ones name it: ``2026年11月30日至2026年12月6日``,
    ``2026``; None while the document says none.
    """
    month = f"{today.year}年{today.month}月"
    said = [
        month if one == THIS_MONTH else _UNFIT.sub("", written(bound.values.get(one)))
        for one in bound.form.per_period
    ]
    return "至".join(filter(None, said))[:_LONGEST] or None
