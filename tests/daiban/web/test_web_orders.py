"""What staff order about a case on its page: the same operations as the commands', with a reason, on record, undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daiban.deciding.decide import AnswerRequest, decide
from daiban.office import Office

pytestmark = pytest.mark.office

CASE, OTHER = "JC-2026-001", "JC-2026-002"
WorkOff = Callable[[], list[Any]]


def order(client: Any, address: str, work_off: WorkOff, reason: str = "登记重复") -> Any:
    """Order something with a reason, and have it done; the job as it ended."""
    response = client.post(address, {"reason": reason})
    assert response["Location"].startswith("/jobs/")
    (job,) = work_off()
    assert job.state == "done", job.said
    return job


def audited(case: str) -> list[tuple[str, str]]:
    from daiban.web.audit.models import AuditEntry

    entries = AuditEntry.objects.filter(case=case).exclude(action="开始任务").order_by("pk")
    return list(entries.values_list("action", "detail"))


def page_of(client: Any, case: str) -> str:
    text: str = client.get(f"/cases/{case}/").content.decode()
    return text


def test_a_case_is_cancelled_and_reopened(staff: Any, writable_page: Path, work_off: WorkOff) -> None:
    """Cancelled, it is not issued any more, and the page says by whom and why; reopened, it is as before."""
    order(staff, f"/cases/{CASE}/cancel/", work_off, "<b>不办了")
    assert CASE in Office.open(writable_page).cancellations
    text = page_of(staff, CASE)
    assert "撤销：&lt;b&gt;不办了" in text and f"/cases/{CASE}/make/" not in text
    order(staff, f"/cases/{CASE}/reopen/", work_off, "接着办")
    assert CASE not in Office.open(writable_page).cancellations
    assert f"/cases/{CASE}/make/" in page_of(staff, CASE)
    assert audited(CASE) == [("撤销案件", "<b>不办了"), ("恢复案件", "接着办")]


def test_a_paper_is_withdrawn_and_restored(staff: Any, writable_page: Path, work_off: WorkOff) -> None:
    """Withdrawn, it stands no more and is listed to be restored; a job begun again finds it done."""
    from daiban.web.jobs.models import Job, JobState

    number = Office.open(writable_page).issues_of_case[CASE][0].number
    job = order(staff, f"/cases/{CASE}/documents/{number}/withdraw/", work_off, "填错了")
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    assert work_off()[0].state == "done"
    found = Office.open(writable_page).record(number)
    assert found is not None and found.withdrawn_at is not None
    assert f"/documents/{number}/restore/" in page_of(staff, CASE)
    order(staff, f"/cases/{CASE}/documents/{number}/restore/", work_off, "没有错")
    found = Office.open(writable_page).record(number)
    assert found is not None and not found.is_void
    assert [action for action, _ in audited(CASE)] == ["撤回文书", "恢复文书"]


def test_a_complete_paper_is_issued_anew_for_a_reason(
    staff: Any, writable_page: Path, work_off: WorkOff
) -> None:
    """A person took it as complete, then its data changed: only then, and only on order, another takes its place."""
    office = Office.open(writable_page)
    issue = next(one for one in office.issues.values() if one.number in office.returns)
    case_id = issue.case_id
    address = f"/cases/{case_id}/documents/{issue.number}/reissue/"
    decide(office, AnswerRequest(issue=issue.number, answer="accept", by="王", reason="看过"))
    assert address not in page_of(staff, case_id)
    case = Office.open(writable_page).case(case_id)
    project = case.project.model_copy(update={"name": "换了名字的项目"})
    changed = case.model_copy(update={"project": project})
    save_case_file(writable_page, changed)
    assert address in page_of(staff, case_id)
    order(staff, address, work_off, "项目改名")
    office = Office.open(writable_page)
    old = office.record(issue.number)
    assert old is not None and old.is_void
    (new,) = [one for one in office.issues_of_case[case_id] if one.form_id == issue.form_id]
    assert new.number != issue.number
    assert audited(case_id)[-1] == ("重新出具", "项目改名")


def save_case_file(workspace: Path, case: Any) -> None:
    """As the page's form does."""
    from daiban.entering.saving import save_case, version_of
    from daiban.web.current import current_board

    board = current_board()
    before = version_of(Office.open(workspace).case(case.id))
    save_case(board, board.workspace, case, by="李", version=before)


def test_orders_need_a_reason_and_a_paper_of_the_case(
    staff: Any, clerk: Any, writable_page: Path, work_off: WorkOff
) -> None:
    """Without a reason nothing is done and the page says so; a paper of another case is not found; 档案 may not."""
    number = Office.open(writable_page).issues_of_case[CASE][0].number
    for address in (f"/cases/{CASE}/cancel/", f"/cases/{CASE}/documents/{number}/withdraw/"):
        assert "请写明原因" in staff.post(address, {"reason": "  "}, follow=True).content.decode()
        assert clerk.post(address, {"reason": "是"}).status_code == 403
    for done in ("withdraw", "restore", "reissue"):
        wrong = f"/cases/{OTHER}/documents/{number}/{done}/"
        assert staff.post(wrong, {"reason": "是"}).status_code == 404
    assert work_off() == [] and audited(CASE) == []
