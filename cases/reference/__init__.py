"""What the documents print of people and departments: data that fills forms where a case says nothing of its own.

One file per document, shipped by exact name, every line of it in the document's own text (tests hold it there).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from cases.files.yaml_text import parse_yaml
from cases.model.field_types import Entries, FieldGroup
from cases.model.people import LeadingGroup
from cases.model.tasks import TaskForce, Tasks

DOCUMENTS = ("anshan", "jiaocheng", "yangcheng")
"""The documents that print such data."""


class ReferenceData(FieldGroup):
    """One document's. ``departments``: whom the 县级联审 asks; ``enclosures``: what goes with the city's 申请书."""

    leading_group: LeadingGroup = Field(default_factory=LeadingGroup, title="领导小组")
    task_force: TaskForce = Field(default_factory=TaskForce, title="工作专班")
    tasks: Tasks = Field(default=(), title="任务分工")
    departments: Entries = Field(default=(), title="征求意见单位")
    enclosures: Entries = Field(default=(), title="随附资料")


@cache
def load_reference(document: str) -> ReferenceData:
    """What a document prints; of one that prints nothing, nothing."""
    if document not in DOCUMENTS:
        return ReferenceData()
    path = Path(__file__).with_name(f"{document}.yaml")
    return ReferenceData.model_validate(parse_yaml(path.read_text("utf-8")).data)
