"""A document's steps (环节) in order, each with its 完成时限 and the sentence that gives it.

Source: 阳政办函〔2026〕9号, 六: 土地保障, 县级联审, 市级联审. A project with “两重点一重大” goes on to the city and
gets its 立项备案 there. Limits are working days.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from forms.matters.data_file import FOLDER, read_data
from foundation.frozen_model import FrozenModel


class StepDefinition(FrozenModel):
    """One step. ``limit``: its 时限 as printed; ``days``: its two ends; both None where the document gives none."""

    id: str
    title: str
    phase: str = ""
    departments: tuple[str, ...] = ()
    limit: str | None = None
    days: tuple[int, int] | None = None
    skipped_for_hazard: bool = False
    quote: str

    @model_validator(mode="after")
    def _limit_has_days(self) -> StepDefinition:
        if (self.limit is None) != (self.days is None):
            raise ValueError(f"{self.id}: limit and days go together")
        return self


class Track(FrozenModel):
    """Steps one after the other. ``needed``: which cases go through it; ``after``: the track it follows on."""

    id: str
    title: str
    heading: str
    needed: Literal["always", "land", "hazard"]
    after: str | None = None
    steps: tuple[StepDefinition, ...] = Field(alias="step")


class Tracks(FrozenModel):
    """All tracks of a document, and where they are printed."""

    document: str
    number: str
    place: str
    file: str
    tracks: tuple[Track, ...] = Field(alias="track")

    def needed_for(self, *, land: bool, hazard: bool) -> tuple[Track, ...]:
        """The tracks a case needs, the steps it skips taken out."""
        wanted = {"always", *(["land"] if land else []), *(["hazard"] if hazard else [])}
        return tuple(_without_skipped(track, hazard) for track in self.tracks if track.needed in wanted)


@cache
def tracks_of(document: str) -> Tracks | None:
    """The tracks of a source document, or None where it prints no steps with limits."""
    path = FOLDER / f"{document}.toml"
    return read_data(path, Tracks) if document in _WITH_TRACKS else None


def all_tracks() -> tuple[Tracks, ...]:
    """The tracks of every document that prints some."""
    return tuple(tracks for document in _WITH_TRACKS if (tracks := tracks_of(document)) is not None)


_WITH_TRACKS = ("yangcheng",)


def _without_skipped(track: Track, hazard: bool) -> Track:
    steps = tuple(step for step in track.steps if not (hazard and step.skipped_for_hazard))
    return track.model_copy(update={"steps": steps})
