"""The people and departments that the documents print: data for forms where a case has none of its own.

One file per document, shipped by exact name; a test checks that every entry is in the document's own text.
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
    """The data of one document.

    ``departments``: whom the 县级联审 asks; ``enclosures``: what goes with the 申请书 for the city's.
    """

    leading_group: LeadingGroup = Field(default_factory=LeadingGroup, title="领导小组")
    task_force: TaskForce = Field(default_factory=TaskForce, title="工作专班")
    tasks: Tasks = Field(default=(), title="任务分工")
    departments: Entries = Field(default=(), title="征求意见单位")
    enclosures: Entries = Field(default=(), title="随附资料")


@cache
def load_reference(document: str) -> ReferenceData:
    """The data that a document prints; empty for a document that prints none."""
    if document not in DOCUMENTS:
        return ReferenceData()
    path = Path(__file__).with_name(f"{document}.yaml")
    return ReferenceData.model_validate(parse_yaml(path.read_text("utf-8")).data)
