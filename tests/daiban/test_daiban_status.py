"""Where cases stand, on the issued side."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cases.case_set import CaseSet
from cases.samples import load_sample
from daiban.documents.binding import Binder
from daiban.office import Office
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from daiban.status import WorkspaceStatus, workspace_status
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from foundation.errors import ExitCode, FormError, UnreadableError, UsageError
from tests.daiban.on_record import put_out

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STAGE = "立项用地规划许可"
FORM = "jincheng-authorisation"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "ws")
    _write_case(made, "A1", stage=STAGE)
    return made


def _write_case(workspace: Workspace, case_id: str, **changes: Any) -> None:
    case = {
        "id": case_id,
        "document": "jincheng",
        "project": {"name": f"{case_id}厂"},
        "enterprise": {"name": "公司"},
    }
    file = workspace.cases / f"{case_id}.json"
    file.write_text(json.dumps(case | changes, ensure_ascii=False), encoding="utf-8")


def _issue(
    workspace: Workspace,
    case_id: str = "A1",
    form_id: str = FORM,
    *,
    publish: bool = True,
    stage: str | None = STAGE,
) -> None:
    put_out(
        workspace,
        case_id,
        form_id,
        NOW,
        publish=publish,
        digest=_digest(workspace, case_id, form_id),
        blank=("authorisation.signature", "authorisation.date"),
        stage=stage,
    )


def _digest(workspace: Workspace, case_id: str, form_id: str) -> str:
    """What the program would make of the case now; of a case nobody knows, anything."""
    office = Office(workspace)
    form, binder = office.catalogue.form(form_id), office.binder
    found = (binder.digest(binder.bound(case, form)) for case in office.cases.cases if case.id == case_id)
    return next(found, "0" * 64)


def _status(workspace: Workspace, today: date | None = None) -> WorkspaceStatus:
    return workspace_status(Office(workspace, today=today))


def _states(status: WorkspaceStatus, case: int = 0) -> dict[str, str]:
    return {form.form: form.state for form in status.cases[case].forms}


def test_nothing_issued_yet(workspace: Workspace) -> None:
    """Before anything went out, all forms of the stage are missing, and no registry appears by asking."""
    status = _status(workspace)
    called_for = Catalogue.load().for_stage("jincheng", STAGE)
    assert status.cases[0].missing == called_for
    assert (status.problems, status.exit_code) == ((), ExitCode.OK)
    assert not (workspace.path / "registry.sqlite").exists()


def test_issued_form(workspace: Workspace) -> None:
    """A published form is issued, with number, pages and what is left to fill, and no longer missing."""
    _issue(workspace)
    case = _status(workspace).cases[0]
    told = {form["form"]: form for form in case.model_dump(mode="json")["forms"]}[FORM]
    assert told["state"] == "issued"
    assert (told["pages"], told["blank"]) == (2, ["authorisation.signature", "authorisation.date"])
    assert told["issued_at"] == NOW.isoformat()
    assert len(told["issue"]) == 8
    assert FORM not in case.missing
    assert "jincheng-ledger" in case.missing


def test_recorded_but_not_published_is_missing(workspace: Workspace) -> None:
    """What a killed run only recorded does not count as issued."""
    _issue(workspace, publish=False)
    assert _states(_status(workspace))[FORM] == "missing"


def test_deleted_file_is_missing_and_told(workspace: Workspace) -> None:
    """An issued file that somebody deleted makes its form missing, and is named."""
    _issue(workspace)
    workspace.issued("A1", FORM, ".pdf").unlink()
    status = _status(workspace)
    assert _states(status)[FORM] == "missing"
    assert [problem.where for problem in status.problems] == [f"issued/A1/{FORM}.pdf"]
    assert status.exit_code is ExitCode.OK


def test_form_of_an_earlier_stage_stays_in_view(workspace: Workspace) -> None:
    """A form issued in an earlier stage is shown, as not called for any more."""
    _issue(workspace)
    _write_case(workspace, "A1", stage="竣工验收")
    forms = {form.form: form for form in _status(workspace).cases[0].forms}
    assert (forms[FORM].state, forms[FORM].called_for) == ("issued", False)
    assert forms["jincheng-completion"].called_for


def test_changed_data_is_told(workspace: Workspace) -> None:
    """A form whose case says something else since it went out is changed, not missing; put back, it is issued again."""
    _issue(workspace)
    _write_case(workspace, "A1", stage=STAGE, enterprise={"name": "另一公司"})
    case = _status(workspace).cases[0]
    told = {form["form"]: form for form in case.model_dump(mode="json")["forms"]}[FORM]
    assert (told["state"], len(told["issue"])) == ("changed", 8)
    assert FORM not in case.missing
    _write_case(workspace, "A1", stage=STAGE)
    assert _states(_status(workspace))[FORM] == "issued"


def test_changed_office_defaults_are_told(workspace: Workspace) -> None:
    """What the settings say for every case counts as data: a form that prints it is changed with it."""
    _issue(workspace)
    (workspace.path / "daiban.toml").write_text('[agency]\nname = "另一局"\n', encoding="utf-8")
    assert _states(_status(Workspace.open(workspace.path)))[FORM] == "changed"


def test_broken_form_is_not_called_changed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a form's template cannot be read, nobody knows of a change: its document stays issued."""
    _issue(workspace)
    _write_case(workspace, "A1", stage=STAGE, enterprise={"name": "另一公司"})

    def unreadable(*_: object) -> str:
        raise FormError("模板读不出来")

    monkeypatch.setattr(Binder, "digest", unreadable)
    assert _states(_status(workspace))[FORM] == "issued"


def test_cases_that_are_named_are_shown_alone(workspace: Workspace) -> None:
    """Only the cases asked for are listed; one that there is not names the nearest."""
    _write_case(workspace, "B2", stage=STAGE)
    assert [case.case for case in workspace_status(Office(workspace), ["B2"]).cases] == ["B2"]
    with pytest.raises(UsageError, match="A1"):
        workspace_status(Office(workspace), ["A11"])


def test_bad_case_does_not_hide_the_others(workspace: Workspace) -> None:
    """A refused case is told with its problems; the good one is still shown."""
    _write_case(workspace, "B2", nonsense="x")
    status = _status(workspace)
    assert [case.case for case in status.cases] == ["A1"]
    assert any("nonsense" in str(problem) for problem in status.problems)
    assert status.exit_code is ExitCode.CASE_DATA


def test_case_of_an_unknown_document(workspace: Workspace) -> None:
    """A case whose document has no forms is shown without any, and told at its place."""
    _write_case(workspace, "B2", document="nowhere")
    status = _status(workspace)
    assert status.cases[1].forms == ()
    assert any("B2.json" in problem.where and problem.field == "document" for problem in status.problems)
    assert status.exit_code is ExitCode.CASE_DATA


def test_issued_case_nobody_knows(workspace: Workspace) -> None:
    """A case with documents out that is in no roster any more is a warning by name."""
    _issue(workspace, "Z9")
    (problem,) = _status(workspace).problems
    assert "Z9" in problem.problem
    assert problem.severity == "warning"


def test_lost_registry_is_told(workspace: Workspace) -> None:
    """Where documents went out, a missing registry is an error and is not made anew."""
    _issue(workspace)
    (workspace.path / "registry.sqlite").unlink()
    with pytest.raises(UnreadableError, match="登记库"):
        _status(workspace)
    assert not (workspace.path / "registry.sqlite").exists()


def test_json_shape(workspace: Workspace) -> None:
    """The JSON holds exactly the promised keys."""
    told = _status(workspace).model_dump(mode="json")
    assert set(told) == {"cases", "problems"}
    assert set(told["cases"][0]) >= {
        "case",
        "name",
        "stage",
        "forms",
        "missing",
        "issued",
        "returned",
        "complete",
        "next",
        "due",
        "late",
        "suspension",
    }
    assert {"form", "title", "state", "issue", "blank"} <= set(told["cases"][0]["forms"][0])
    assert json.loads(json.dumps(told)) == told


def test_what_is_late_is_told(workspace: Workspace) -> None:
    """Late and due steps stand by their case; steps that cannot be planned are told at their place."""
    steps = [{"step": "甲", "limit": "3"}, {"step": "乙", "limit": "4"}]
    _write_case(workspace, "B2", stage=STAGE, progress={"start": "2026-03-02", "steps": steps})
    _write_case(workspace, "C3", stage=STAGE, progress={"start": "2026-03-02", "steps": [{"step": "丙"}]})
    _write_case(workspace, "D4", stage=STAGE, suspension={"reason": "2", "date": "2026-03-02"})
    found = _status(workspace, date(2026, 3, 9))
    told = {case["case"]: case for case in found.model_dump(mode="json")["cases"]}
    assert [(item["step"], item["days_late"]) for item in told["B2"]["late"]] == [("甲", 2)]
    assert [item["step"] for item in told["B2"]["due"]] == ["乙"]
    assert told["D4"]["suspension"]["reason"] == 2
    assert told["D4"]["suspension"]["text"].startswith("申请材料不符合法定条件")
    assert [problem.where for problem in found.problems] == ["cases/C3.json progress.steps.0.limit"]
    assert found.exit_code == ExitCode.CASE_DATA


def test_a_new_rule_for_returns_makes_no_new_issue(tmp_path: Path) -> None:
    """What is printed decides whether a document changed; how its return is judged does not."""
    form = Catalogue.load().form("jincheng-completion")
    case = next(case for case in load_sample() if case.id == "JC-2026-006")
    binder = Binder(Settings(), CaseSet((case,)), Deriver(Settings()))
    before = binder.digest(binder.bound(case, form))
    judged = form.model_copy(update={"any_of": (), "dates": (), "seam_seal": True})
    printed = form.model_copy(update={"title": "另一张表"})
    for changed, same in ((judged, True), (printed, False)):
        other = Binder(Settings(), CaseSet((case,)), Deriver(Settings()))
        assert (other.digest(other.bound(case, changed)) == before) is same
