"""What all sections of the thresholds have in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class ThresholdSection(BaseModel):
    """One section; an entry is ``{ value = 0.4, unit = "mm", origin = "…" }`` and comes in as its value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _values_only(cls, data: Any) -> Any:
        entries = data if isinstance(data, dict) else {}
        return {name: entry["value"] if isinstance(entry, dict) else entry for name, entry in entries.items()}
