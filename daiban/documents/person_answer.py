"""What a person said of a return or of one finding (人的决定), as JSON and reports show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import computed_field

from foundation.frozen_model import FrozenModel, Timestamp

if TYPE_CHECKING:
    from daiban.registry import Decision, GivenAnswer

#: How the answers are called to people.
ANSWER_NAMES: Mapping[str, str] = {"accept": "收下", "reject": "退回"}


class PersonAnswer(FrozenModel):
    """One answer. ``number``: of the decision; ``finding``: the number of the finding it is about, null for the
    document as a whole; ``by``: everybody who gave it; ``generation``: of which state of what is back; ``file``,
    ``file_sha256``: the filed file that was looked at.
    """

    number: int
    answer: Literal["accept", "reject"]
    finding: int | None
    by: tuple[str, ...]
    at: Timestamp
    reason: str
    generation: int
    file: str | None
    file_sha256: str | None

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator on a property
    @property
    def text(self) -> str:
        """For people: ``王芳 2026-11-30 收下：公章与备案的一致``."""
        day = self.at.astimezone().date().isoformat()
        return f"{'、'.join(self.by)} {day} {ANSWER_NAMES[self.answer]}：{self.reason}"

    @classmethod
    def of(cls, given: GivenAnswer) -> PersonAnswer:
        """An answer that several people may have given."""
        return cls.of_decision(given.last, given.by)

    @classmethod
    def of_decision(cls, made: Decision, by: tuple[str, ...] = ()) -> PersonAnswer:
        """The answer of one decision. ``by``: everybody who gave it, where it was not one person."""
        return cls(
            number=made.number or 0,
            answer="accept" if made.kind == "accept" else "reject",
            finding=made.finding,
            by=by or (made.by,),
            at=made.at,
            reason=made.reason,
            generation=made.generation or 0,
            file=made.file,
            file_sha256=made.file_sha256,
        )
