"""What a case says that cannot both be true, though each part of it can be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cases.model.case import Case
from cases.model.joint_review import DISAGREED, PASSED, JointReview
from cases.values.paths import Loc

_AGREES = re.compile(r"(?<![不未])(?:同意|通过|准予)")
_AGREED_BY_ALL = re.compile(r"(?:一致|均|都|全部|全体)(?:表示)?(?:同意|通过)")
_DISSENT = re.compile(r"不同意|反对|异议|保留意见|不一致")


def contradictions(case: Case) -> Iterator[tuple[Loc, str, str]]:
    """Every contradiction: the part of the case it concerns, what is wrong, and what to do, in Chinese."""
    yield from _minutes_over_dissent(case.review)


def _minutes_over_dissent(review: JointReview) -> Iterator[tuple[Loc, str, str]]:
    """A meeting that agrees while a department does not, and says no word of that department.

    Source: 阳政办函〔2026〕9号, 六(二)1(5) to (7): 立项备案 follows where 各部门均出具同意意见.
    """
    conclusion = review.minutes.conclusion or ""
    against = [item.department for item in review.opinions if item.verdict == DISAGREED]
    if review.minutes.outcome != PASSED and not _AGREES.search(conclusion):
        return
    place: Loc = ("review", "minutes", "conclusion")
    silent = [name for name in against if name not in conclusion]
    if silent and not _DISSENT.search(conclusion):
        advice = "核对该部门的意见；会议仍作此结论的，在结论里写明如何处理这个意见"
        yield place, f"结论是同意或通过，而{'、'.join(silent)}的入园意见是“不同意”，结论一字未提", advice
    others = [item.department for item in review.opinions if item.verdict not in (None, "同意")]
    if _AGREED_BY_ALL.search(conclusion) and others and not silent:
        yield (
            place,
            f"结论说各单位都同意，而{'、'.join(others)}的入园意见不是“同意”",
            "改成与各部门意见相符的结论",
        )
