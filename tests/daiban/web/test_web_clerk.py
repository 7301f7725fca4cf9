"""The clerk's door: what came back is received, decided, placed and archived, and everything is on record."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.office


def queued(workspace: Path, part: Any = "all") -> Any:
    from daiban.deciding.queue import QueueRequest, return_queue
    from daiban.office import Office

    return return_queue(Office.open(workspace), QueueRequest(part=part))


def answer(client: Any, document: Any, said: str, **more: Any) -> Any:
    """Send an answer as the page does."""
    data = {"answer": said, "seen": document.last, "generation": document.generation, "part": "all"}
    return client.post(f"/documents/{document.issue}/decide/", data | more, follow=True)


def test_the_queue_leads_to_every_document(clerk: Any, page: Path) -> None:
    """Each part of the queue lists its documents, and each opens with its pages and findings."""
    found = queued(page)
    assert found.documents
    for part in ("todo", "incomplete", "complete", "decided", "all"):
        assert clerk.get("/queue/", {"part": part}).status_code == 200
    for document in found.documents:
        text = clerk.get(f"/documents/{document.issue}/", {"part": "all"}).content.decode()
        assert document.issue in text
        for finding in document.findings:
            assert finding.message in text.replace("&quot;", '"')
    assert clerk.get("/documents/ZZZZZZZZ/").status_code == 404


def test_an_answer_is_on_record_and_goes_on_to_the_next(clerk: Any, writable_page: Path) -> None:
    """What a clerk decides counts at once, under their name, in the registry and in the audit log."""
    from daiban.web.audit.models import AuditEntry

    document = queued(writable_page).documents[0]
    response = answer(clerk, document, "reject", reason="公章不是本单位的")
    assert response.redirect_chain
    after = {item.issue: item for item in queued(writable_page).documents}[document.issue]
    assert (after.verdict, after.machine_verdict) == ("incomplete", document.machine_verdict)
    assert after.decision.by == ("档案员（档案）",)
    entry = AuditEntry.objects.get(action="人工认定")
    assert (entry.issue, entry.case) == (document.issue, document.case)
    clerk.post(f"/documents/{document.issue}/undo/", {"seen": after.last, "reason": "点错了"})
    back = {item.issue: item for item in queued(writable_page).documents}[document.issue]
    assert (back.verdict, back.decision) == (document.verdict, None)


def test_the_second_sees_the_firsts_decision_before_theirs_counts(
    clerk: Any, administrator: Any, writable_page: Path
) -> None:
    """Two people decide on the same page that both have open: the second is told, and nothing of theirs is recorded."""
    document = queued(writable_page).documents[0]
    answer(clerk, document, "accept")
    text = answer(administrator, document, "reject", reason="不对").content.decode()
    assert "别人已经决定过" in text
    assert "档案员" in text
    after = {item.issue: item for item in queued(writable_page).documents}[document.issue]
    assert after.decision.answer == "accept"


def test_pictures_are_made_here_and_for_clerks_alone(clerk: Any, staff: Any, page: Path) -> None:
    """A page that came is shown in the original's frame as a picture of ours; nobody else gets it."""
    document = next(item for item in queued(page).documents if item.form.endswith("authorisation"))
    for density in ("1x", "2x"):
        path = f"/documents/{document.issue}/framed/1/{density}/"
        response = clerk.get(path)
        assert response.status_code == 200
        assert response["Content-Type"] in ("image/jpeg", "image/png")
        assert staff.get(path).status_code == 403
    assert clerk.get(f"/documents/{document.issue}/framed/99/1x/").status_code == 404
    assert clerk.get(f"/documents/{document.issue}/framed/1/9x/").status_code == 404


def test_a_pile_is_verified_as_a_job(
    clerk: Any, writable_page: Path, work_off: Callable[[], list[Any]], tmp_path: Path
) -> None:
    """What is dropped is verified; a file that is nothing of ours is said in words; what was uploaded is not kept."""
    from daiban.web.configuration import private_folder

    filed = next(writable_page.glob("returned/*/*/*.pdf"))
    files = [BytesIO(filed.read_bytes()), BytesIO(b"no picture")]
    files[0].name, files[1].name = "扫描.pdf", "<b>坏.jpg"
    response = clerk.post("/returns/", {"pile": files})
    assert response.status_code == 302
    [job] = work_off()
    assert job.state == "done", job.said
    assert "1 份文书" in job.summary
    assert any("坏.jpg" in problem.where for problem in job.said)
    text = clerk.get(response["Location"]).content.decode()
    assert "<b>坏" not in text
    assert not list((private_folder(writable_page) / "piles").iterdir())
    assert clerk.post("/returns/", {}).status_code == 200


def test_a_page_is_taken_away_and_placed_again(
    clerk: Any, writable_page: Path, work_off: Callable[[], list[Any]]
) -> None:
    """A page taken away is unplaced, and the next verify leaves it so; placed by hand it is read again, and its
    document is what it was.
    """
    from daiban.verifying import VerifyRequest, verify

    document = next(item for item in queued(writable_page).documents if item.form.endswith("authorisation"))
    issue = document.issue
    filed = next(writable_page.glob(f"returned/{document.case}/{document.form}/{document.form}.pdf"))
    batch = Path(shutil.copy(filed, writable_page / "batch.pdf"))
    before = queued(writable_page).counts.unplaced
    clerk.post(f"/documents/{issue}/pages/1/away/", {"reason": "是别的项目的"})
    [away] = work_off()
    assert away.state == "done", away.said
    assert "缺第1页" in clerk.get(f"/documents/{issue}/").content.decode()
    name, path = away.result["page"], f"/unplaced/{away.result['page'][1:]}/"
    assert name in clerk.get("/unplaced/").content.decode()
    assert f'data-issue="{issue}" data-number="1"' in clerk.get(path).content.decode()
    assert clerk.get(f"{path}picture/1x/").status_code == 200
    clerk.post(f"{path}place/", {"issue": issue.lower(), "number": 1, "reason": "还是这一份的"})
    [placed] = work_off()
    assert placed.state == "done", placed.said
    after = {item.issue: item for item in queued(writable_page).documents}[issue]
    assert after.verdict == document.verdict
    assert "由工作人员归入" in "".join(finding.message for finding in after.findings)
    assert queued(writable_page).counts.unplaced == before
    from daiban.office import Office

    report = verify(Office.open(writable_page), VerifyRequest((batch,)))
    assert [item.issue for item in report.documents] == [issue]
    assert report.unplaced == ()


def test_an_unplaced_page_can_be_dismissed(
    clerk: Any, writable_page: Path, work_off: Callable[[], list[Any]]
) -> None:
    """A page of no document of ours is said to be so, with a reason, and asks nobody any more."""
    before = queued(writable_page).counts.unplaced
    document = next(item for item in queued(writable_page).documents if item.form.endswith("authorisation"))
    clerk.post(f"/documents/{document.issue}/pages/2/away/", {"reason": "不是"})
    [away] = work_off()
    path = f"/unplaced/{away.result['page'][1:]}/dismiss/"
    assert "请写明原因" in clerk.post(path, {}, follow=True).content.decode()
    clerk.post(path, {"reason": "项目单位自己的材料"})
    [job] = work_off()
    assert job.state == "done", job.said
    assert queued(writable_page).counts.unplaced == before


def test_a_placement_is_undone_on_the_page(
    clerk: Any, administrator: Any, writable_page: Path, work_off: Callable[[], list[Any]]
) -> None:
    """A page taken away is put back where it was by undoing that, and one dismissed waits again; whoever looked before
    somebody else decided is told, and nothing of theirs is recorded.
    """
    document = next(item for item in queued(writable_page).documents if item.form.endswith("authorisation"))
    address = f"/documents/{document.issue}/pages/1/away/"
    clerk.post(address, {"reason": "看错了", "generation": document.generation})
    [away] = work_off()
    path = f"/unplaced/{away.result['page'][1:]}/"
    assert path in clerk.get("/unplaced/").content.decode()
    text = clerk.get(path).content.decode()
    assert f"移出 {document.issue} 第1页：看错了" in text
    (seen,) = set(re.findall(r'name="seen" value="(\d+)"', text))
    clerk.post(f"{path}dismiss/", {"reason": "不是", "seen": seen})
    administrator.post(f"{path}undo/", {"reason": "是这一份的", "seen": seen})
    dismissed, stale = work_off()
    assert dismissed.state == "done" and stale.state == "failed"
    assert any("别人已经决定过" in problem.problem for problem in stale.said)
    for _ in range(2):  # that it is none of ours, then that it was taken away
        (seen,) = set(re.findall(r'name="seen" value="(\d+)"', clerk.get(path).content.decode()))
        clerk.post(f"{path}undo/", {"reason": "是这一份的", "seen": seen})
        [undone] = work_off()
        assert undone.state == "done", undone.said
    after = {item.issue: item for item in queued(writable_page).documents}[document.issue]
    assert after.verdict == document.verdict and "缺第1页" not in str(after.findings)
    assert "/undo/" not in clerk.get(path).content.decode()
    administrator.post(address, {"reason": "又看错了", "generation": document.generation})
    [stale] = work_off()
    assert any("这一份又变了" in problem.problem for problem in stale.said)


def test_two_people_decide_where_the_settings_ask_for_it(
    clerk: Any, administrator: Any, writable_page: Path
) -> None:
    """两人复核: the first answer waits and says so; the same person adds nothing; another's same answer counts."""
    settings = writable_page / "daiban.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("second_person = false", "second_person = true"), "utf-8")
    document = queued(writable_page).documents[0]
    assert "等第二个人复核" in answer(clerk, document, "accept", reason="看过").content.decode()
    waiting = {item.issue: item for item in queued(writable_page).documents}[document.issue]
    assert waiting.queue == "confirm" and waiting.decision is None
    assert "等另一个人复核" in answer(clerk, waiting, "accept", reason="看过").content.decode()
    answer(administrator, waiting, "accept", reason="复核过")
    after = {item.issue: item for item in queued(writable_page).documents}[document.issue]
    assert (after.verdict, len(after.decision.by)) == ("complete", 2)


def test_the_watched_folder_survives_restarts(
    clerk: Any, writable_page: Path, work_off: Callable[[], list[Any]], tmp_path: Path
) -> None:
    """Whole files become one job and are put aside when it is done, whichever server began it; one that is half copied
    waits; what has just failed is not asked for again at every look.
    """
    import time

    from daiban.verifying.watched_folder import QUIET_S, WatchedFolder
    from daiban.web.clerk.watching import look
    from daiban.web.jobs.models import Job, JobState

    folder = tmp_path / "收件"
    folder.mkdir()
    filed = next(writable_page.glob("returned/*/*/*.pdf")).read_bytes()
    (folder / "扫描.pdf").write_bytes(filed)
    (folder / "没传完.pdf").write_bytes(filed[: len(filed) // 2])

    def looked(watched: WatchedFolder) -> None:
        """As after a while: the first look has seen what is there."""
        watched.whole_files(time.monotonic() - QUIET_S)
        look(watched)

    looked(WatchedFolder(folder))
    looked(WatchedFolder(folder))  # by the next server, before its worker was at it
    (job,) = Job.objects.filter(kind="verify-watched")
    assert job.arguments["files"] == ["扫描.pdf"]
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, ended_at=job.made_at)
    looked(WatchedFolder(folder))
    assert Job.objects.filter(kind="verify-watched").count() == 1
    clerk.post(f"/jobs/{job.pk}/again/")
    [done] = work_off()
    assert done.state == "done" and "1 份文书" in done.summary
    assert [path.name for path in folder.glob("*.pdf")] == ["没传完.pdf"]
    assert [path.name for path in folder.glob("已核验/*/*")] == ["扫描.pdf"]
    looked(WatchedFolder(folder))
    assert Job.objects.filter(kind="verify-watched").count() == 1


def test_the_archive_says_what_is_missing(clerk: Any, page: Path) -> None:
    """Every case has its list of what its files need, and is found by its id."""
    text = clerk.get("/archive/", {"text": "jc-2026-001"}).content.decode()
    assert "JC-2026-001" in text
    assert "JC-2026-002" not in text
    assert re.search("不能归档|待人工核对|可以归档", text)


def test_the_archive_follows_the_command_line(clerk: Any, writable_page: Path) -> None:
    """A case that the command line cancels is gone from the archive at the next look, and back when it is reopened; one
    that a file adds meanwhile is there.
    """

    def listed() -> set[str]:
        text = clerk.get("/archive/").content.decode()
        return {name for name in ("JC-2026-001", "JC-2026-002", "NEU-1") if f"<h2>{name}" in text}

    assert listed() == {"JC-2026-001", "JC-2026-002"}
    command = [sys.executable, "-m", "daiban", "cancel", str(writable_page), "--case", "JC-2026-001"]
    subprocess.run([*command, "--reason", "项目不做了", "--by", "王"], check=True, capture_output=True)
    assert listed() == {"JC-2026-002"}
    subprocess.run([*command, "--undo", "--reason", "又做了", "--by", "王"], check=True, capture_output=True)
    case = "{id: NEU-1, document: jincheng, project: {name: 新厂}, enterprise: {name: 新公司}}"
    (writable_page / "cases" / "neu.yaml").write_text(case, "utf-8")
    assert listed() == {"JC-2026-001", "JC-2026-002", "NEU-1"}


def test_clerks_decide_in_a_browser(desktop: Any, telephone: Any) -> None:
    """The whole way with the keyboard alone: into the queue, to the place, accepted, on to the next, taken back."""
    desktop.log_in("档案")
    desktop.open("/queue/?part=all")
    desktop.look("clerk-queue")
    keys = desktop.page.keyboard
    keys.press("Enter")
    desktop.page.wait_for_selector("[data-answer]")
    desktop.page.wait_for_load_state("load", timeout=60_000)  # the first page is drawn by a new process
    desktop.look("clerk-document")
    for _ in range(3):
        keys.press("v")
    assert "overlay" in desktop.page.get_attribute("[data-compare]", "class")
    desktop.look("clerk-overlay")
    first = desktop.page.url
    keys.press("r")
    keys.type("公章看不清")
    with desktop.page.expect_navigation(wait_until="commit"):
        keys.press("Enter")
    desktop.page.wait_for_selector(".messages")
    assert "退回" in desktop.page.inner_text(".messages")
    assert desktop.page.url != first
    desktop.open(first.removeprefix(desktop.served.url))
    with desktop.page.expect_navigation(wait_until="commit"):
        keys.press("u")
    desktop.page.wait_for_selector(".messages")
    assert "撤销" in desktop.page.inner_text(".messages")
    for path, name in (("/returns/", "returns"), ("/unplaced/", "unplaced"), ("/archive/", "archive")):
        desktop.open(path)
        desktop.look(f"clerk-{name}")
    desktop.open("/unplaced/")
    desktop.page.click(".cards a")
    desktop.look("clerk-page")
    telephone.log_in("档案")
    telephone.open(first.removeprefix(desktop.served.url))
    telephone.look("clerk-document")
