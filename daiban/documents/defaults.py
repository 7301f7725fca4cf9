"""The office's defaults: what a case's tree gets from the settings, and fields that follow from other fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.values.stages import find_stage
from daiban.documents.department_papers import with_papers
from daiban.settings import Settings


def with_defaults(tree: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A case's tree with the office's defaults where the case says nothing itself.

    Agency and manager come from the settings; the 委托书's stage is where the case stands, and its items are the
    plan's for that stage.
    """
    agency, manager = dict(tree.get("agency") or {}), dict(tree.get("manager") or {})
    agency["name"] = agency.get("name") or settings.agency.name or None
    if not manager.get("name"):
        manager = {
            "name": settings.manager.name or None,
            "phone": manager.get("phone") or settings.manager.phone or None,
        }
    authorisation = dict(tree.get("authorisation") or {})
    authorisation["stage"] = authorisation.get("stage") or tree.get("stage")
    authorisation["items"] = authorisation.get("items") or _planned_items(tree, authorisation["stage"])
    whole = {**tree, "agency": agency, "manager": manager, "authorisation": authorisation}
    return with_papers(whole, settings)


def _planned_items(tree: Mapping[str, Any], stage: str | None) -> list[str]:
    found = find_stage(stage) if stage else None
    planned = (tree.get("plan") or {}).get(found.value) or {} if found else {}
    return [item["name"] for item in planned.get("items") or () if item.get("name")]
