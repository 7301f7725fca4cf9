"""The verdict on one returned document.

Three verdicts: ``incomplete`` as soon as one thing is surely lacking or wrong; else ``review`` as soon as one
thing could not be decided; else ``complete``. The worst mistake is to call an incomplete document complete, so
every rule of a form either sees itself met or gives a finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from extractors.judge.combining import combine
from extractors.judge.dates import check_dates
from extractors.judge.fields import check_fields, check_unsure
from extractors.judge.pages import check_pages
from extractors.judge.seam import check_seam
from extractors.judge.signatures import check_signatures, with_signatures
from extractors.judge.values import check_values
from extractors.model import Finding, Judgement, Observation, ReturnedDocument, verdict_of
from extractors.thresholds import Thresholds
from forms.definition import FormDefinition

_WEIGHTS = ("incomplete", "review", "note")


def judge(
    returned: ReturnedDocument,
    form: FormDefinition,
    *,
    today: dt.date,
    thresholds: Thresholds,
    require_trusted: bool = False,
) -> Judgement:
    """Judge one returned document by its form's own rules.

    ``today``: the day of checking; no signing date lies after it. ``require_trusted``: whether a digital
    signature must lead to a configured root. The judgement has an observation for every field that was left
    open, also for those that could not be seen, and all findings, the gravest first.
    """
    limits = thresholds.judge
    document = with_signatures(combine(returned, form, limits.sure))
    findings = [
        *check_pages(document, sure=limits.sure, altered_sure=limits.altered_sure),
        *check_seam(document, thresholds.seam),
        *check_fields(document, clean=limits.clean, line_clean=limits.line_clean),
        *check_values(document),
        *check_dates(document, today),
        *check_signatures(document, require_trusted=require_trusted),
    ]
    findings += check_unsure(document, frozenset(item.field for item in findings if item.field))
    observations = sorted(document.observations.values(), key=_reading_order)
    return Judgement(
        verdict=verdict_of(findings), observations=tuple(observations), findings=in_order(findings)
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first, then as they stand on paper; the same thing said twice, once."""
    unique = {(item.code, item.message, item.field, item.page, item.box): item for item in findings}
    return tuple(sorted(unique.values(), key=_gravity))


def _gravity(item: Finding) -> tuple[int, int, float]:
    return _WEIGHTS.index(item.weight), item.page or 0, item.box.y0 if item.box else 0.0


def _reading_order(item: Observation) -> tuple[int, float, float]:
    box = item.box
    return (item.page, box.y0, box.x0) if box else (item.page, 0.0, 0.0)
