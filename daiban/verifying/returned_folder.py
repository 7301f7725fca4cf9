"""What stands in a document's folder, ``returned/<case>/<form>/``, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from daiban.verifying.reading.returned_page import ReturnedFile

#: Pictures of fields and pages; older states of what is back; what was found; a file as it came.
EVIDENCE, HISTORY, FINDINGS, RECEIVED = "evidence", "history", "findings.json", "received"


def bound_name(form_id: str) -> str:
    """The file name of a document's upright PDF."""
    return f"{form_id}.pdf"


def main_file(form_id: str, names: Iterable[str]) -> str | None:
    """Of the filed files on record, the one that people open: the upright PDF if it is among them, else what was
    received; None where nothing was filed.
    """
    papers = [name for name in names if not name.endswith(".json")]
    upright = bound_name(form_id)
    return upright if upright in papers else next(iter(papers), None)


def received_names(files: Sequence[ReturnedFile]) -> tuple[str, ...]:
    """The names under which born-digital returns are kept as they came, with their signatures, byte for byte.

    By what they are, never by what their senders called them. One that would do something when it is opened, or has
    other files in it, gets a name that no program opens. What is filed already keeps its name.
    """
    return tuple(_received_names(files))


def _received_names(files: Sequence[ReturnedFile]) -> Iterator[str]:
    taken: set[str] = set()
    for item in files:
        facts = item.facts
        suffix = f"{facts.format}.original" if facts.active or facts.attachments else facts.format
        wanted = f"{RECEIVED}.{suffix}" if item.came_now else item.file.name
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{RECEIVED}-{number}.{wanted.partition('.')[2]}"
        taken.add(name)
        yield name
