"""The published schemas of what ``--json`` prints: ``docs/schema/<command>.schema.json`` (JSON Schema 2020-12).

Made from the models that are printed: ``python -m daiban.schemas docs/schema`` (``make schemas``). Keys may be added by
later versions, so the schemas allow others than they name; none is ever renamed or dropped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, JsonValue
from pydantic.json_schema import GenerateJsonSchema

from daiban.access_codes import AccessCodes
from daiban.archiving.archive_report import ArchiveReport
from daiban.cancelling import CancellationResult
from daiban.cli.error_report import ErrorReport
from daiban.copying import CopyResult
from daiban.deciding.decide import DecisionResult
from daiban.deciding.labelled import DecidedReadings
from daiban.deciding.placing import PlacingResult
from daiban.deciding.queue import QueueReport
from daiban.doctor import MachineReport
from daiban.form_reports import CatalogueReport, FormsCheckReport
from daiban.handing_out.export import ExportResult
from daiban.handing_out.print_file import PrintResult
from daiban.history import CaseHistory
from daiban.issuing.edited import EditedIssue
from daiban.issuing.result import GenerateResult
from daiban.issuing.withdrawal import WithdrawalResult
from daiban.merging.run import MergeResult
from daiban.monthly_report import MonthlyReport
from daiban.packing.packet import PacketResult
from daiban.plan_report import PlanReport
from daiban.registry_move import RegistryMoveResult
from daiban.roster_import import ImportResult
from daiban.rosters import RosterReport
from daiban.status import WorkspaceStatus
from daiban.verifying.outcome import BatchReport
from forms.describe import FormDescription

#: What each command prints, by its words.
RESULTS: Mapping[str, type[BaseModel]] = {
    "archive": ArchiveReport,
    "code": AccessCodes,
    "decide": DecisionResult,
    "decisions": DecidedReadings,
    "doctor": MachineReport,
    "export": ExportResult,
    "forms": CatalogueReport,
    "forms check": FormsCheckReport,
    "forms show": FormDescription,
    "generate": GenerateResult,
    "cancel": CancellationResult,
    "copy": CopyResult,
    "adopt": EditedIssue,
    "roster import": ImportResult,
    "history": CaseHistory,
    "merge": MergeResult,
    "monthly": MonthlyReport,
    "packet": PacketResult,
    "place": PlacingResult,
    "plan": PlanReport,
    "print": PrintResult,
    "queue": QueueReport,
    "registry move": RegistryMoveResult,
    "roster check": RosterReport,
    "settle": MergeResult,
    "status": WorkspaceStatus,
    "undo": DecisionResult,
    "verify": BatchReport,
    "withdraw": WithdrawalResult,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _PublishedSchema(GenerateJsonSchema):
    """Every key is always printed, whether it has a default or not."""

    def field_is_required(self, field: object, total: bool) -> bool:
        return True


def schemas() -> dict[str, dict[str, JsonValue]]:
    """Every schema by its file name; ``errors.schema.json`` is of what any command prints that fails as a whole."""
    found = {
        file_name(command): _schema(f"daiban {command} --json", model) for command, model in RESULTS.items()
    }
    return found | {file_name("errors"): _schema("daiban … --json, when a command fails", ErrorReport)}


def file_name(command: str) -> str:
    """``forms-show.schema.json``."""
    return f"{command.replace(' ', '-')}.schema.json"


def schema_text(schema: Mapping[str, JsonValue]) -> str:
    """A schema as its file has it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> None:
    """Write every schema into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(schema_text(schema), "utf-8")


def _schema(title: str, model: type[BaseModel]) -> dict[str, JsonValue]:
    plain = _open(model.model_json_schema(mode="serialization", schema_generator=_PublishedSchema))
    return {"$schema": _DIALECT, **plain, "title": title}


def _open(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """A schema that admits keys it does not name: models are strict about what they read, readers need not be."""
    kept = {key: value for key, value in schema.items() if (key, value) != ("additionalProperties", False)}
    return {key: _open_value(value) for key, value in kept.items()}


def _open_value(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return _open(value)
    return [_open_value(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
