"""The registry's tables. They are the lasting thing: what they hold outlives any code that reads them.

A change here needs a new ``SCHEMA_VERSION`` and a migration to it in ``migrations/versions`` (docs/decisions/0018). A
column gives and takes values of the program's own types; how they lie in the database is said here and nowhere else.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from daiban.registry.columns import StrangersText, TypedJson, UtcDateTime
from daiban.registry.facts import (
    dump_files,
    dump_observation,
    dump_page_facts,
    load_files,
    load_observation,
    load_page_facts,
)
from forms.geometry import Box, FieldArea

SCHEMA_VERSION = 6


def _load_names(data: list[str]) -> tuple[str, ...]:
    # Field ids repeat over all issues of a form; one copy of each keeps 60,000 issues small.
    return tuple(map(sys.intern, data))


def _dump_areas(areas: Sequence[FieldArea]) -> list[dict[str, Any]]:
    # A hundredth of a millimetre is finer than any printer; more digits only make the database larger.
    return [
        {
            "id": area.id,
            "kind": area.kind,
            "page": area.page,
            "box": [round(side, 2) for side in _dump_box(area.box)],
            "open": area.is_open,
        }
        for area in areas
    ]


def _load_areas(data: list[dict[str, Any]]) -> tuple[FieldArea, ...]:
    return tuple(
        FieldArea(area["id"], area["kind"], area["page"], Box(*area["box"]), area["open"]) for area in data
    )


def _dump_box(box: Box) -> list[float]:
    return [box.x0, box.y0, box.x1, box.y1]


def _load_box(data: list[float]) -> Box:
    return Box(*data)


def _names() -> TypedJson[tuple[str, ...]]:
    return TypedJson(list, _load_names)


metadata = MetaData()

#: ``schema``: the version of the tables; ``mark_key``: the key of the page marks, in hex.
meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", String, nullable=False),
)

issue = Table(
    "issue",
    metadata,
    Column("number", String(8), primary_key=True),
    Column("case_id", String(200), nullable=False),
    Column("form_id", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("values", JSON, nullable=False),
    Column("areas", TypedJson(_dump_areas, _load_areas), nullable=False),
    Column("blank", _names(), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("docx", String, nullable=False),
    Column("pdf", String),
    Column("docx_sha256", String(64), nullable=False),
    Column("pdf_sha256", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("superseded_by", String(8)),
    Column("superseded_at", UtcDateTime),
    # Since version 4: the stage whose paper it is, of forms that exist per stage (since version 6 the period, of forms
    # that exist per period); when a person withdrew it.
    Column("stage", String(100)),
    Column("withdrawn_at", UtcDateTime),
    Index("issue_of_case", "case_id", "form_id"),
    # Since version 5: whether an issue stands is told without reading all that it says.
    Index("issue_standing", "number", "superseded_by", "withdrawn_at"),
)

page = Table(
    "page",
    metadata,
    Column("issue", String(8), ForeignKey("issue.number"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("width_mm", Float, nullable=False),
    Column("height_mm", Float, nullable=False),
)

# What came back, since version 2. A *generation* is one state of what is back of an issue: the first return is 1,
# a better one 2; older ones stay. The newest with ``filed_at`` is what stands in returned/.

returned = Table(
    "returned",
    metadata,
    # No foreign key: an issue that is made again is written anew under its number, with its returns on record.
    Column("issue", String(8), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("batch", String(60), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("files", JSON, nullable=False),
    Column("digital", TypedJson(dump_files, load_files), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("filed_at", UtcDateTime),
    # Since version 5, of the newest generation of an issue, null on older ones: the verdict that counts, a person's
    # where there is one; what is to be done with it; the number of the latest decision about it.
    Column("standing", String(20)),
    Column("queue", String(20)),
    Column("decided", Integer),
    Index("returned_in_queue", "queue", "recorded_at", "issue"),
)


def _of_return() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["issue", "generation"], ["returned.issue", "returned.generation"])


return_page = Table(
    "return_page",
    metadata,
    Column("issue", String(8), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("source_sha256", String(64), nullable=False),
    Column("source", StrangersText, nullable=False),
    Column("source_page", Integer, nullable=False),
    Column("facts", TypedJson(dump_page_facts, load_page_facts), nullable=False),
    _of_return(),
)

observation = Table(
    "observation",
    metadata,
    Column("issue", String(8), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("field", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("data", TypedJson(dump_observation, load_observation), nullable=False),
    _of_return(),
)

finding = Table(
    "finding",
    metadata,
    Column("issue", String(8), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("field", String(200)),
    Column("page", Integer),
    Column("weight", String(20), nullable=False),
    Column("message", StrangersText, nullable=False),
    Column("box", TypedJson(_dump_box, _load_box)),
    _of_return(),
)

#: What people decided, since version 4. Rows are only ever added.
decision = Table(
    "decision",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("case_id", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String, nullable=False),
    Column("outcome", String),
    Column("reason", String, nullable=False),
    Column("decided_by", String(100), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    # Since version 5: of a decision about what came back, which generation, which finding of it, what was seen, and how
    # many people it needs; of one that takes another back, which.
    Column("generation", Integer),
    Column("finding", Integer),
    Column("digest", String(64)),
    Column("file", String),
    Column("file_sha256", String(64)),
    Column("needed", Integer, nullable=False, server_default="1"),
    Column("about", Integer),
    Index("decision_of_case", "case_id"),
    Index("decision_about", "subject", "number"),
)

#: Pages that were in no document, since version 5: as they came, and what became of them. ``source_sha256``,
#: ``source_page``: the page, whatever its file is called; ``file``: where it is kept, under the workspace, null where
#: it could not be read. ``issue``, ``page``: where a person placed it; ``taken_from``, ``taken_page``: where a person
#: took it away.
unplaced_page = Table(
    "unplaced_page",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("source_sha256", String(64), nullable=False),
    Column("source_page", Integer, nullable=False),
    Column("source", String, nullable=False),
    Column("batch", String(60), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("detail", String, nullable=False),
    Column("file", String),
    Column("file_sha256", String(64)),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("issue", String(8)),
    Column("page", Integer),
    Column("taken_from", String(8)),
    Column("taken_page", Integer),
    Column("dismissed_at", UtcDateTime),
    Index("unplaced_by_content", "source_sha256", "source_page", unique=True),
    Index("unplaced_open", "issue", "dismissed_at", "number"),
)

batch = Table(
    "batch",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("sources", _names(), nullable=False),
    Column("reports", _names(), nullable=False),
    Index("batch_of_inputs", "digest"),
)
