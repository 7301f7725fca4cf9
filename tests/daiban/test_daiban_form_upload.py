"""An own form handed over as a ZIP: taken when the check has nothing against it, else nothing is written."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from daiban.form_upload import take_form
from daiban.office import Office
from daiban.workspace import Workspace
from forms.catalogue import BUILT_IN
from foundation.errors import UnreadableError

SOURCE = BUILT_IN / "jincheng" / "suggestions"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office without forms of its own."""
    return Office.open(Workspace.create(tmp_path / "ws").path)


def definition(form_id: str = "own-suggestions", **instead: str) -> str:
    text = (SOURCE / "form.toml").read_text("utf-8").replace("jincheng-suggestions", form_id)
    for old, new in instead.items():
        text = text.replace(f'{old} = "jincheng"', f'{old} = "{new}"')
    return text


def packed(office: Office, files: dict[str, bytes | str], *links: str) -> Path:
    """A ZIP in the workspace's neighbourhood; ``links``: entries that are links."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name in links:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
    place = office.workspace.path.parent / "form.zip"
    place.write_bytes(out.getvalue())
    return place


def sound(form_id: str = "own-suggestions") -> dict[str, bytes | str]:
    template = (SOURCE / "template.docx").read_bytes()
    return {"我的表/form.toml": definition(form_id), "我的表/template.docx": template}


def test_a_sound_form_is_taken_and_the_next_replaces_it(office: Office) -> None:
    """It is among the office's forms; handed over again it takes its own place, and the one before is kept."""
    more = {"__MACOSX/我的表/form.toml": "x", "我的表/说明.txt": "x"}
    done = take_form(office, packed(office, sound() | more), "表.zip")
    assert (done.form, done.folder, done.superseded, done.problems) == (
        "own-suggestions",
        "forms/own-suggestions",
        None,
        (),
    )
    folder = office.workspace.forms / "own-suggestions"
    assert sorted(path.name for path in folder.iterdir()) == ["form.toml", "template.docx"]
    folder.rename(folder.with_name("自己起的名"))
    again = take_form(Office.open(office.workspace.path), packed(office, sound()), "表.zip")
    assert again.folder == "forms/自己起的名" and again.superseded is not None
    assert (office.workspace.path / again.superseded / "form.toml").is_file()
    assert Office.open(office.workspace.path).catalogue.problems == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (definition().replace("label = ", "lable = ", 1), "lable"),
        (definition("jincheng-suggestions"), "程序自带"),
        (definition(document="nowhere"), "没有文件“nowhere”"),
        (definition("../issued"), "不能作文件夹的名称"),
        ("id = [", "TOML"),
    ],
    ids=["wrong", "built in", "no document", "leads out", "no definition"],
)
def test_a_form_with_errors_is_not_taken(office: Office, text: str, said: str) -> None:
    """What is wrong is said, and nothing is written."""
    done = take_form(office, packed(office, sound() | {"我的表/form.toml": text}), "表.zip")
    assert done.folder is None and any(said in str(problem) for problem in done.problems)
    assert not office.workspace.forms.is_dir() or not any(office.workspace.forms.iterdir())


HOSTILE: dict[str, dict[str, bytes | str]] = {
    "是完好的 ZIP": {},
    "没有 form.toml": {"a/template.docx": "x"},
    "没有 template.docx": {"a/form.toml": "x"},
    "里面有 2 张表": {"a/form.toml": "x", "b/form.toml": "x"},
    "通到别处": {"../form.toml": "x", "../template.docx": "x"},
    "里面有 300 个文件": {f"a/{number}.txt": "" for number in range(300)},
    "超过 20 MB": {"a/form.toml": "x", "a/template.docx": b"0" * ((20 << 20) + 1)},
    "里面有链接": {"a/form.toml": "x"},
}


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_archives_are_refused_in_words(office: Office, said: str) -> None:
    """No ZIP, none or several forms, names that lead out, links, too many or too large files: said, nothing written."""
    place = packed(office, HOSTILE[said], *(["a/template.docx"] if "链接" in said else []))
    if not HOSTILE[said]:
        place.write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(UnreadableError, match=said):
        take_form(office, place, "表.zip")
    assert not office.workspace.forms.is_dir() or not any(office.workspace.forms.iterdir())
