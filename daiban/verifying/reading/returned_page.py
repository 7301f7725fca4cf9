"""What came back, light enough to hold thousands: what was seen on a page stays on disk until it is asked for.

A page that was read leaves a folder: ``facts.json``, its upright ``page.pdf``, a small upright picture and one picture
per field. What is filed already has left the same, with its facts in the registry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from daiban.registry import PageContent
from daiban.registry.facts import dump_page_facts, load_page_facts
from extractors.model import Alteration, DigitalFacts, Observation, PageFacts, PageRef

_FACTS, _PAGE = "facts.json", "page.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedFile:
    """A born-digital return: what it says, the hash of its file, and where its file is. ``came_now``: it is of the
    present batch.
    """

    facts: DigitalFacts
    sha256: str
    file: Path
    came_now: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedPage:
    """One page of an issue that came back. ``content``: what it is, whatever its file is called; ``folder``: where
    its pictures are; ``pdf``, ``pdf_page``: its upright page (from 0); ``recorded``: its facts, if they are on record
    and not in the folder. ``came_now``: it is of the present batch.
    """

    ref: PageRef
    content: PageContent
    issue: str
    number: int
    turn: int
    readability: float
    registered: bool
    folder: Path
    pdf: Path
    pdf_page: int = 0
    recorded: PageFacts | None = None
    came_now: bool = True

    def facts(self) -> PageFacts:
        """Everything seen on it, with pictures."""
        facts = self.recorded or load_page_facts(json.loads((self.folder / _FACTS).read_text("utf-8")))
        return replace(
            facts,
            ref=self.ref,
            observations=tuple(
                replace(item, crop=_picture(self.folder, observation_picture(item)))
                for item in facts.observations
            ),
            alterations=tuple(
                replace(item, crop=_picture(self.folder, alteration_picture(item, at)))
                for at, item in enumerate(facts.alterations)
            ),
        )

    def thumbnail(self) -> bytes | None:
        """A small upright picture of it (JPEG)."""
        return _picture(self.folder, page_picture(self.number))

    def is_from(self, item: ReturnedFile) -> bool:
        """Whether it is a page of that file."""
        return self.content.sha256 == item.sha256


def page_picture(number: int) -> str:
    """The file name of a page's small picture."""
    return f"page-{number}.jpg"


def observation_picture(item: Observation) -> str:
    """The file name of a field's picture; the same field may go on over a page's end."""
    return observation_name(item.page, item.id)


def observation_name(page: int, field_id: str) -> str:
    """The same for a field on a page."""
    return f"p{page}-{field_id}.png"


def alteration_picture(item: Alteration, at: int) -> str:
    """The file name of the picture of altered print."""
    return f"p{item.page}-altered-{at + 1}.png"


def pictures(facts: PageFacts) -> Iterator[tuple[str, bytes]]:
    """Every picture of a page's facts, by file name."""
    named = [(observation_picture(item), item.crop) for item in facts.observations]
    named += [(alteration_picture(item, at), item.crop) for at, item in enumerate(facts.alterations)]
    return ((name, crop) for name, crop in named if crop)


def save_page(facts: PageFacts, content: PageContent, thumbnail: bytes, folder: Path) -> ReturnedPage:
    """Leave what was seen in a folder; its ``page.pdf`` is there already."""
    for name, crop in pictures(facts):
        (folder / name).write_bytes(crop)
    sighting = facts.sighting
    (folder / page_picture(sighting.page)).write_bytes(thumbnail)
    (folder / _FACTS).write_text(json.dumps(dump_page_facts(facts), ensure_ascii=False), "utf-8")
    return ReturnedPage(
        ref=facts.ref,
        content=content,
        issue=sighting.issue,
        number=sighting.page,
        turn=sighting.turn,
        readability=facts.readability,
        registered=facts.registered,
        folder=folder,
        pdf=folder / _PAGE,
    )


def page_pdf(folder: Path) -> Path:
    """Where a page's upright PDF goes."""
    return folder / _PAGE


def _picture(folder: Path, name: str) -> bytes | None:
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None
