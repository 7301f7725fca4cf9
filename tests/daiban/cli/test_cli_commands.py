"""The command line: its frame, its exit codes, its two streams."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

import daiban.cli
import daiban.cli.doctor
import daiban.cli.status
from daiban import __version__
from daiban.cli import cli, main
from daiban.cli.output import table
from daiban.doctor import MachineCheck, MachineReport
from daiban.status import CaseStatus, FormStatus
from forms.catalogue import Catalogue
from foundation.errors import (
    CaseDataError,
    DaibanError,
    ExitCode,
    FormError,
    NotWritableError,
    ToolFailedError,
    ToolMissingError,
    UnreadableError,
    UsageError,
)

ENGLISH_FRAME = re.compile(r"\[required\]|Usage|Options|Commands|Show this|Error|Missing|Try |No such")
Capture = pytest.CaptureFixture[str]


def _all_commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _all_commands(command, (*path, name))


def _process(*args: str, **environment: str) -> "subprocess.Popen[bytes]":
    script = "import sys; from daiban.cli import main; sys.exit(main())"
    return subprocess.Popen(
        [sys.executable, "-c", script, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment,
    )


@pytest.fixture
def workspace(tmp_path: Path, capsys: Capture) -> Path:
    assert main(["init", str(tmp_path / "ws"), "--sample"]) == ExitCode.OK
    capsys.readouterr()
    return tmp_path / "ws"


@pytest.mark.parametrize("command", [(), *_all_commands()], ids=" ".join)
def test_help_is_chinese(command: tuple[str, ...], capsys: Capture) -> None:
    """Every command explains itself in Chinese, frame and all, and every option has a help text."""
    assert main([*command, "--help"]) == ExitCode.OK
    out = capsys.readouterr().out
    assert out.startswith("用法：daiban")
    assert not ENGLISH_FRAME.search(out)
    options = out.partition("选项:\n")[2].partition("\n\n")[0]
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in options.splitlines())


def test_commands_of_the_contract() -> None:
    """Every promised command of this stage is there."""
    promised = {"init", "forms", "roster", "generate", "status", "doctor"}
    assert promised <= set(cli.commands)
    assert {("forms", "show"), ("forms", "check"), ("roster", "new"), ("roster", "check")} <= set(
        _all_commands()
    )


def test_version(capsys: Capture) -> None:
    """--version names the version."""
    assert main(["--version"]) == ExitCode.OK
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "用法："),
        ("roster", "用法："),
        ("generat", "是否指“generate”"),
        ("什么", "可用的命令"),
        ("status", "缺少参数 工作区"),
        ("status a b", "多出了参数：b"),
        ("status a --jsn", "没有选项 --jsn，是否指 --json"),
        ("status a --json=1", "选项 --json"),
        ("generate a --case", "选项 --case"),
        ("generate a --workers 0", "“0”应为 1 以上的整数"),
        ("generate a --workers 两", "“两”应为 1 以上的整数"),
        ("status /no/such/folder", "没有这个文件夹"),
    ],
)
def test_wrong_usage(line: str, told: str, capsys: Capture) -> None:
    """A wrong command line exits 2, says in Chinese what is wrong, and leaves stdout empty."""
    assert main(line.split()) == ExitCode.USAGE
    streams = capsys.readouterr()
    assert told in streams.err
    assert streams.out == ""
    assert not ENGLISH_FRAME.search(streams.err)


@pytest.mark.parametrize("line", ["status --json", "status /no/such/folder --json", "forms show x --json"])
def test_errors_as_json(line: str, capsys: Capture) -> None:
    """With --json an error is one JSON object of problems on stdout."""
    assert main(line.split()) in (ExitCode.USAGE, ExitCode.FORM)
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["problem"]
    assert problem["severity"] == "error"


@pytest.mark.parametrize(
    "kind",
    [
        UsageError,
        CaseDataError,
        FormError,
        UnreadableError,
        ToolMissingError,
        ToolFailedError,
        NotWritableError,
    ],
)
def test_each_error_has_its_exit_code(
    kind: type[DaibanError], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Every error of the contract exits with its own code and its message on stderr."""

    def fail(_: object) -> MachineReport:
        raise kind("出错了")

    monkeypatch.setattr(daiban.cli.doctor, "examine", fail)
    assert main(["doctor"]) == kind.exit_code
    streams = capsys.readouterr()
    assert (streams.out, streams.err) == ("", "✗ 出错了\n")


def test_interrupt(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """Ctrl-C exits 130 and says that nothing is half done."""

    def interrupt(_: object) -> MachineReport:
        raise KeyboardInterrupt

    monkeypatch.setattr(daiban.cli.doctor, "examine", interrupt)
    assert main(["doctor"]) == ExitCode.INTERRUPTED
    assert "已中断" in capsys.readouterr().err


def test_a_bug_is_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown exception is not dressed up: it escapes with its traceback."""

    def break_down(_: object) -> MachineReport:
        raise ZeroDivisionError

    monkeypatch.setattr(daiban.cli.doctor, "examine", break_down)
    with pytest.raises(ZeroDivisionError):
        main(["doctor"])


def test_doctor(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """The doctor exits 40 when something lacks, says each advice once, and tells the same as JSON."""
    checks = (
        MachineCheck(name="甲", state="missing", detail="没有", advice="装"),
        MachineCheck(name="乙", state="missing", detail="没有", advice="装"),
        MachineCheck(name="丙", state="ok", detail="有"),
    )
    monkeypatch.setattr(daiban.cli.doctor, "examine", lambda _: MachineReport(checks=checks))
    assert main(["doctor"]) == ExitCode.TOOL_MISSING
    out = capsys.readouterr().out
    assert "✗  甲" in out
    assert "✓  丙" in out
    assert out.count("甲、乙：装") == 1
    assert main(["doctor", "--json"]) == ExitCode.TOOL_MISSING
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [check["state"] for check in told["checks"]] == ["missing", "missing", "ok"]


def test_doctor_minds_a_workspace(workspace: Path, capsys: Capture) -> None:
    """Given a workspace, the doctor looks by its settings."""
    (workspace / "daiban.toml").write_text('[converter]\npath = "/nowhere/soffice"\n', encoding="utf-8")
    assert main(["doctor", str(workspace), "--json"]) == ExitCode.TOOL_MISSING
    states = {check["name"]: check["state"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert states["LibreOffice"] == "missing"


def test_forms_list_and_show(capsys: Capture) -> None:
    """Every listed form can be shown, as text and as JSON."""
    assert main(["forms", "--json"]) == ExitCode.OK
    ids = [form["id"] for form in json.loads(capsys.readouterr().out)["forms"]]
    assert "jincheng-authorisation" in ids
    assert main(["forms"]) == ExitCode.OK
    listed = capsys.readouterr().out
    for form_id in ids:
        assert form_id in listed
        assert main(["forms", "show", form_id]) == ExitCode.OK
        text = capsys.readouterr().out
        assert main(["forms", "show", form_id, "--json"]) == ExitCode.OK
        told = json.loads(capsys.readouterr().out)
        assert told["title"] in text
        assert all(field["id"] in text and field["label"] in text for field in told["fields"])


@pytest.fixture
def own_form(workspace: Path) -> str:
    """A form and a document of the workspace's own, as an office would begin: a built-in one copied."""
    folder, form = workspace / "forms" / "own", Catalogue.load().form("jincheng-authorisation")
    shutil.copytree(form.folder, folder / "receipt")
    text = (folder / "receipt" / "form.toml").read_text("utf-8")
    text = text.replace(f'"{form.id}"', '"own-receipt"', 1).replace('"jincheng"', '"own"', 1)
    (folder / "receipt" / "form.toml").write_text(text, "utf-8")
    document = (Catalogue.load().document("jincheng").folder / "document.toml").read_text("utf-8")
    document = document.partition("\n[stages]")[0].replace('id = "jincheng"', 'id = "own"', 1)
    document = re.sub(r"(?s)forms = \[.*?\]", 'forms = ["own-receipt"]', document)
    (folder / "document.toml").write_text(document, "utf-8")
    return "own-receipt"


def test_forms_of_a_workspace(workspace: Path, own_form: str, capsys: Capture) -> None:
    """With --workspace the office's own forms are listed and shown beside the built-in ones; without, they are not."""
    place = ["--workspace", str(workspace)]
    assert main(["forms", *place, "--json"]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["problems"], told["forms"][-1]["id"]) == ([], own_form)
    for line in (["forms", "show", own_form, *place], ["forms", *place, "show", own_form]):
        assert main(line) == ExitCode.OK
        assert own_form in capsys.readouterr().out
    assert main(["forms", "show", own_form]) == ExitCode.FORM
    assert main(["forms", "--workspace", str(workspace / "cases")]) == ExitCode.USAGE


@pytest.mark.parametrize("folder", [".", "cases"])
def test_roster_check_knows_the_workspaces_forms(
    workspace: Path, own_form: str, folder: str, tmp_path: Path, capsys: Capture
) -> None:
    """A case of the office's own document passes where it lies in the workspace, and nowhere else."""
    text = "id: A1\ndocument: own\nproject: {name: 厂}\nenterprise: {name: 公司}\n"
    for file in (workspace / folder / "a.yaml", tmp_path / "a.yaml"):
        file.write_text(text, "utf-8")
    assert main(["roster", "check", str(workspace / folder / "a.yaml")]) == ExitCode.OK
    assert main(["roster", "check", str(tmp_path / "a.yaml")]) == ExitCode.CASE_DATA
    assert "没有文件“own”的表单" in capsys.readouterr().out


def test_forms_check(tmp_path: Path, capsys: Capture) -> None:
    """The built-in forms pass; a broken form of one's own exits 21 with its place."""
    assert main(["forms", "check"]) == ExitCode.OK
    capsys.readouterr()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "form.toml").write_text('idd = "x"\n', encoding="utf-8")
    assert main(["forms", "check", str(tmp_path), "--json"]) == ExitCode.FORM
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert any("mine/form.toml" in problem["where"] for problem in told["problems"])
    assert main(["forms", "check", str(tmp_path)]) == ExitCode.FORM
    assert "mine/form.toml" in capsys.readouterr().out


def test_roster_new_and_check(tmp_path: Path, capsys: Capture) -> None:
    """A new roster passes its check with a doubt about being empty; it is never written over."""
    file = tmp_path / "花名册.xlsx"
    assert main(["roster", "new", str(file)]) == ExitCode.OK
    capsys.readouterr()
    assert main(["roster", "check", str(file), "--json"]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["cases"]) == (True, [])
    assert main(["roster", "new", str(file)]) == ExitCode.NOT_WRITABLE


def test_roster_check_tells_all_problems(tmp_path: Path, capsys: Capture) -> None:
    """A wrong case exits 20 with every problem, as text and as JSON."""
    file = tmp_path / "a.yaml"
    file.write_text(
        "id: A/1\ndocument: jincheng\nproject: {name: 厂}\nenterprise: {nme: x}\n", encoding="utf-8"
    )
    assert main(["roster", "check", str(file)]) == ExitCode.CASE_DATA
    out = capsys.readouterr().out
    assert "a.yaml 第1行" in out
    assert "不能用 1 个" in out
    assert main(["roster", "check", str(file), "--json"]) == ExitCode.CASE_DATA
    assert len(json.loads(capsys.readouterr().out)["problems"]) >= 2


def test_roster_check_of_no_workbook(tmp_path: Path, capsys: Capture) -> None:
    """A file that is no workbook exits 30."""
    (tmp_path / "r.xlsx").write_bytes(b"no workbook")
    assert main(["roster", "check", str(tmp_path / "r.xlsx")]) == ExitCode.UNREADABLE
    assert "r.xlsx" in capsys.readouterr().err


def test_status(workspace: Path, capsys: Capture) -> None:
    """The status of a new sample workspace lists ten cases with everything missing."""
    assert main(["status", str(workspace)]) == ExitCode.OK
    text = capsys.readouterr().out
    assert "共 10 个案件：已出具 0 份" in text
    assert main(["status", str(workspace), "--json"]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert len(told["cases"]) == 10
    assert all(case["missing"] and case["case"] in text for case in told["cases"])


def test_status_counts_boxes_and_names_the_rest() -> None:
    """What is left to fill is told by label, except for boxes, which are counted."""
    blank = ("assessment.filled_by", "assessment.approval.items.city.0", "assessment.approval.items.city.1")
    form = FormStatus(
        form="jincheng-assessment",
        title="一站式项目研判表",
        state="issued",
        called_for=True,
        issue="7K3M9QX2",
        issued_at=datetime(2026, 11, 21, tzinfo=UTC),
        pages=3,
        blank=blank,
    )
    forms = {item.id: item for item in Catalogue.load().forms}
    line = daiban.cli.status._form_line(form, forms)
    assert "7K3M9QX2" in line
    assert line.endswith("3 页　待填：填表人；选项框 2 个")
    changed = form.model_copy(update={"state": "changed"})
    case = CaseStatus(case="A1", name="厂", stage=None, forms=(changed, form))
    assert "待更新" in daiban.cli.status._form_line(changed, forms)
    assert "已出具 2 份（其中待更新 1 份），还缺 0 份" in daiban.cli.status._summary((case,))


def test_init_and_roster_for_a_document(tmp_path: Path, capsys: Capture) -> None:
    """``--document`` takes a place or an id, twice the same counts once; a document there is none of is refused."""
    named = ["--document", "阳城", "--document", "yangcheng"]
    assert main(["init", str(tmp_path / "ws"), "--sample", *named]) == ExitCode.OK
    assert "2 个示例案件" in capsys.readouterr().out
    assert main(["roster", "new", str(tmp_path / "r.xlsx"), "--document", "鞍山"]) == ExitCode.OK
    assert main(["roster", "new", str(tmp_path / "s.xlsx"), "--document", "火星"]) == ExitCode.USAGE
    assert "没有文件“火星”" in capsys.readouterr().err
    assert not (tmp_path / "s.xlsx").exists()


def test_init_twice(workspace: Path, capsys: Capture) -> None:
    """A workspace is not made over itself, and stays as it is."""
    before = (workspace / "roster.xlsx").read_bytes()
    assert main(["init", str(workspace)]) == ExitCode.USAGE
    assert "已经是工作区" in capsys.readouterr().err
    assert (workspace / "roster.xlsx").read_bytes() == before


def test_reader_that_goes_away() -> None:
    """A reader that closes the pipe early changes neither the exit code nor makes noise."""
    process = _process("forms")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == ExitCode.OK


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_behind_stdout() -> None:
    """A result that cannot be written exits 50 and says why."""
    script = "import sys; from daiban.cli import main; sys.exit(main())"
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", script, "forms", "--json"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == ExitCode.NOT_WRITABLE
    assert "磁盘已满" in done.stderr.decode()


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_terminals_of_other_encodings(encoding: str) -> None:
    """A terminal that lacks characters gets what it can show, and JSON stays whole."""
    text, error = _process("doctor", PYTHONIOENCODING=encoding).communicate()
    assert b"Traceback" not in error
    assert text.decode(encoding)
    out, _ = _process("forms", "--json", PYTHONIOENCODING=encoding).communicate()
    titles = [form["title"] for form in json.loads(out.decode(encoding))["forms"]]
    assert "一站式项目研判表" in titles


def test_no_bar_off_a_terminal(workspace: Path) -> None:
    """Nothing of a progress bar reaches a pipe."""
    out, error = _process("status", str(workspace)).communicate()
    assert b"\x1b" not in out + error


def test_tables_align_chinese() -> None:
    """Columns stand under each other when a Chinese character takes two."""
    assert table(("名", "值"), [("甲乙", "1"), ("a", "2")]).splitlines() == ["名    值", "甲乙  1", "a     2"]
