"""Jobs: on record, begun again after a kill, cancelled between documents, and what stops them is said on the page."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from daiban.progress_bar import Progress
from daiban.web.jobs.kinds import JobKind, JobOutcome, register
from foundation.errors import NotWritableError, Problem, ToolMissingError
from foundation.frozen_model import FrozenModel

pytestmark = pytest.mark.office


class Nothing(FrozenModel):
    """A job without arguments."""


def _ask(kind: str, run: Callable[..., JobOutcome]) -> Any:
    """A job of a kind of its own."""
    from daiban.web.jobs import kinds, queue

    kinds._kinds.pop(kind, None)
    register(JobKind(kind, "试验", Nothing, run))
    return queue.ask_for(kind, Nothing(), title="试验", who="jingban")


def test_a_jobs_way_is_on_record(staff: Any, work_off: Callable[[], Any]) -> None:
    """Asked for, it waits; worked off, it is done, with what came of it on its page."""
    job = _ask("plain", lambda office, arguments, progress: JobOutcome("做了 3 份", link="/cases/"))
    assert "等待" in staff.get(f"/jobs/{job.pk}/").content.decode()
    (done,) = work_off()
    shown = staff.get(f"/jobs/{job.pk}/").content.decode()
    assert done.state == "done" and "做了 3 份" in shown and "hx-get" not in shown


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotWritableError(Problem("issued", "无法写入：磁盘已满", advice="请清理磁盘")), "磁盘已满"),
        (ToolMissingError(Problem("", "没有找到 LibreOffice", advice="请安装")), "LibreOffice"),
        (RuntimeError("a bug with 13800138000 in it"), "程序出了错"),
    ],
)
def test_what_stops_a_job_is_said(
    staff: Any, work_off: Callable[[], Any], error: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk, a missing program, a bug: the page says it, with what to do; begun again, it goes on."""
    failing = [error]

    def run(office: Any, arguments: Any, progress: Progress) -> JobOutcome:
        if failing:
            raise failing.pop()
        return JobOutcome("做完了")

    job = _ask("failing", run)
    work_off()
    shown = staff.get(f"/jobs/{job.pk}/").content.decode()
    assert said in shown and "重新开始" in shown and "13800138000" not in shown
    staff.post(f"/jobs/{job.pk}/again/")
    (done,) = work_off()
    assert (done.state, done.summary) == ("done", "做完了")


def test_a_cancelled_job_stops_between_documents(staff: Any, work_off: Callable[[], Any]) -> None:
    """Cancelling lets the document at hand end, then stops; a waiting job never begins."""
    made: list[int] = []

    def run(office: Any, arguments: Any, progress: Progress) -> JobOutcome:
        with progress.bar(5, "生成") as bar:
            for number in range(5):
                made.append(number)
                if number == 1:
                    staff.post(f"/jobs/{job.pk}/cancel/")
                    time.sleep(0.5)
                bar.advance()
        return JobOutcome("做完了")

    job = _ask("slow", run)
    (ended,) = work_off()
    assert (ended.state, made) == ("cancelled", [0, 1])
    waiting = _ask("slow", run)
    staff.post(f"/jobs/{waiting.pk}/cancel/")
    assert work_off() == []
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_others_jobs_are_not_found(client_of: Callable[..., Any]) -> None:
    """A job of a kind that a role has nothing to do with is answered as one that does not exist."""
    from daiban.web.jobs import queue
    from daiban.web.jobs.job_kinds import IssueArguments

    job = queue.ask_for("generate", IssueArguments(), title="出具", who="jingban")
    assert client_of("经办").get(f"/jobs/{job.pk}/").status_code == 200
    assert client_of("档案").get(f"/jobs/{job.pk}/").status_code == 404
    assert client_of("档案").post(f"/jobs/{job.pk}/cancel/").status_code == 404


def test_a_worker_that_died_leaves_its_job_to_the_next(page: Path, work_off: Callable[[], Any]) -> None:
    """What ran when the worker was lost waits again and goes on; what is lost thrice is left to a person."""
    from daiban.web.jobs.models import Job, JobState
    from daiban.web.jobs.queue import MOST_STARTS, recover

    job = _ask("plain", lambda office, arguments, progress: JobOutcome("做完了"))
    for starts in range(1, MOST_STARTS):
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, starts=starts)
        assert recover() == 1
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, starts=MOST_STARTS)
    assert recover() == 0
    job.refresh_from_db()
    assert job.state == "failed" and "意外结束" in job.said[0].problem


def _jobs(workspace: Path) -> list[tuple[str, int, int, str]]:
    """State, begun how often, done, summary of every job, as another process sees them."""
    with sqlite3.connect(workspace / "page.sqlite", timeout=20) as database:
        return database.execute("SELECT state, starts, done, summary FROM jobs_job ORDER BY id").fetchall()


_ORDER = """
import sys
from daiban.web.configuration import configure
from daiban.workspace import Workspace
configure(Workspace.open(sys.argv[1]))
from daiban.web.jobs.job_kinds import IssueArguments
from daiban.web.jobs.queue import ask_for
ask_for("generate", IssueArguments(cases=("JC-2026-003", "JC-2026-004")), title="出具", who="jingban")
"""


def test_a_killed_server_goes_on_with_its_job(
    sample_workspace: Path, tmp_path: Path, start_page: Any
) -> None:
    """Killed in the middle of issuing, with everything it started; the next start finishes the job, nothing twice."""
    workspace = Path(shutil.copytree(sample_workspace, tmp_path / "ws"))
    first = start_page(workspace)
    subprocess.run([sys.executable, "-c", _ORDER, str(workspace)], check=True)
    _until(lambda: _jobs(workspace)[0][0] == "running")
    family = [
        first.process.pid,
        *(child.pid for child in psutil.Process(first.process.pid).children(recursive=True)),
    ]
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    _until(lambda: not any(_runs(pid) for pid in family))
    assert _jobs(workspace)[0][0] in ("running", "waiting")
    second = start_page(workspace)
    try:
        _until(lambda: _jobs(workspace)[0][0] == "done", 120)
        assert _jobs(workspace)[0][1] == 2
    finally:
        second.process.terminate()
        assert second.process.wait(60) == 0
    with sqlite3.connect(workspace / "registry.sqlite") as registry:
        issued = registry.execute(
            "SELECT pdf FROM issue WHERE case_id IN ('JC-2026-003', 'JC-2026-004')"
        ).fetchall()
    assert issued and all((workspace / pdf).is_file() for (pdf,) in issued)
    assert len(issued) == len(set(issued))


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _until(happened: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")
