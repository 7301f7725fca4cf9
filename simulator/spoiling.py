"""Every named defect (毛病) a return can have: what it does to the paper, and what a reader should find.

A defect works at one of four moments: on the plan before anything is written, on the blank sheets, on the written
sheets, or on the pictures. A *harmless* one leaves a complete return complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractors.model import IssuedDocument
from simulator.truth import SimulatedPage

if TYPE_CHECKING:
    from simulator.simulate import Job


class Spoiler:
    """A defect that does nothing yet; subclasses override the moment they work at."""

    name = ""
    title = ""  # in Chinese, for people
    harmless = False

    def fits(self, document: IssuedDocument) -> bool:
        """Whether this document can have it."""
        return True

    def plan(self, job: Job) -> None:
        """Before anything is written."""

    def paper(self, job: Job) -> None:
        """On the blank sheets."""

    def after(self, job: Job) -> None:
        """On the written sheets; sheets may be added, doubled or taken away."""

    def pictures(self, job: Job, pages: tuple[SimulatedPage, ...]) -> tuple[SimulatedPage, ...]:
        """On the pictures."""
        return pages


DEFECTS: dict[str, Spoiler] = {}


def defect(kind: type[Spoiler]) -> type[Spoiler]:
    """Class decorator: make a defect known by its name."""
    DEFECTS[kind.name] = kind()
    return kind


def fitting(document: IssuedDocument, *, harmless: bool | None = None) -> list[str]:
    """Names of the defects this document can have."""
    load()
    wanted = (item for item in DEFECTS.values() if harmless is None or item.harmless == harmless)
    return [item.name for item in wanted if item.fits(document)]


def chosen(names: Sequence[str], document: IssuedDocument) -> list[Spoiler]:
    """The defects of these names.

    :raises ValueError: there is no such defect, or it does not fit the document.
    """
    load()
    spoilers = []
    for name in names:
        if name not in DEFECTS:
            raise ValueError(f"no defect named {name!r}")
        if not DEFECTS[name].fits(document):
            raise ValueError(f"{name!r} does not fit {document.form_id}")
        spoilers.append(DEFECTS[name])
    return spoilers


def load() -> None:
    """Make every defect known: importing their modules is what registers them."""
    import simulator.altering
    import simulator.damage
    import simulator.feeding
    import simulator.omitting
    import simulator.smudging  # noqa: F401
