"""Printed characters of kept pages whose print nobody touched: a scan's own roughness, for the look at print."""

from __future__ import annotations

from pathlib import Path

from bench.agreement.pages import kept
from bench.fitting.characters import Characters, characters_of, together
from extractors.observe.printed_text.printed import release
from extractors.thresholds import load_thresholds


def untouched_characters(folder: Path) -> Characters:
    """All that the reader asks about on ordinary returns with drawn ink, of a folder's pages; their print is sound."""
    limits, found = load_thresholds(), []
    for number, (_, labelled) in enumerate(kept(folder)):
        if labelled.source == "drawn" and labelled.page.original.glyphs:
            known = -1000 * (number + 1)
            one = characters_of(labelled.page, [], limits, None, labelled.tier, labelled.look, known)
            found += [one] if one is not None else []
            release()
    return together(found)
