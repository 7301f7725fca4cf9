"""骑缝章: whether the slices at the edges of a document's pages are those of one seal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.judge.combining import JudgedDocument
from extractors.model import Finding, Measure
from extractors.thresholds import SeamThresholds

_EDGES = ("left", "right")


def check_seam(document: JudgedDocument, limits: SeamThresholds) -> Iterator[Finding]:
    """Where a form asks for it. No slice on a page may also be a scan that took the colour: a person looks."""
    issue = document.returned.issue
    if not document.form.seam_seal or issue.pages < 2 or document.missing_pages:
        return
    pages = {number: facts.seam for number, facts in document.returned.pages.items() if facts.registered}
    slices = [pages.get(number, ()) for number in range(1, issue.pages + 1)]
    lacking = [str(number) for number, measures in enumerate(slices, start=1) if not measures]
    if lacking:
        said = f"第{'、'.join(lacking)}页的边上没有看到骑缝章，请人工核对"
    elif not continuous(slices, limits):
        said = "各页边上的骑缝章对不上，请人工核对是不是同一枚、页序是否有换"
    else:
        return
    yield Finding(code="signature-missing", message=said, weight="review")


def continuous(pages: Sequence[Sequence[Measure]], limits: SeamThresholds) -> bool:
    """Whether every page carries a slice at one and the same edge, at heights that fit one seal.

    ``pages``: what :func:`observe_seam` measured, page by page. An even page seen from its back side may carry
    it at the other edge; so edges are tried as left on all, right on all, and alternating.
    """
    if len(pages) < 2:
        return False
    patterns = [["left"] * len(pages), ["right"] * len(pages)]
    patterns += [[_EDGES[(start + number) % 2] for number in range(len(pages))] for start in (0, 1)]
    return any(_fit(pages, pattern, limits) for pattern in patterns)


def _fit(pages: Sequence[Sequence[Measure]], edges: Sequence[str], limits: SeamThresholds) -> bool:
    spans = []
    for measures, edge in zip(pages, edges, strict=True):
        values = {item.name: item.value for item in measures}
        if f"seam-{edge}" not in values:
            return False
        spans.append((values[f"seam-{edge}-top"], values[f"seam-{edge}-bottom"]))
    middles = [(top + bottom) / 2 for top, bottom in spans]
    return max(middles) - min(middles) <= limits.shift_mm
