"""Every folder of ``broken/`` is the sound form with one defect, and says exactly what lint must find."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from forms.definition import FormDefinition
from forms.definition_file import read_form
from forms.lint.check import check_form, check_path
from forms.lint.definition import check_definition
from foundation.errors import Problem

BROKEN = Path(__file__).resolve().parents[1] / "broken"
DOCUMENT = "word/document.xml"

Zip = Callable[[dict[str, str]], bytes]
Parts = Callable[[str], dict[str, str]]


def _changed(text: str, old: str, new: str) -> str:
    assert old in text, f"the defect changes nothing: {old}"
    return text.replace(old, new)


@pytest.mark.parametrize("name", sorted(path.name for path in BROKEN.iterdir()))
def test_defect_is_found(
    name: str, sound_form: Path, sound_body: str, docx_parts: Parts, zip_parts: Zip
) -> None:
    """A form with one defect gives exactly that defect's findings, each with its place, and nothing else."""
    defect = tomllib.loads((BROKEN / name / "defect.toml").read_text(encoding="utf-8"))
    definition = sound_form / "form.toml"
    for change in defect.get("form", []):
        text = definition.read_text(encoding="utf-8")
        definition.write_text(_changed(text, change["old"], change["new"]), encoding="utf-8")
    parts = docx_parts(sound_body)
    for change in defect.get("template", []):
        part = change.get("part", DOCUMENT)
        parts[part] = _changed(parts.get(part, ""), change["old"], change["new"])
    (sound_form / "template.docx").write_bytes(zip_parts(parts))

    found = check_path(sound_form)

    reported = [(item.severity, item.where, item.problem, item.field) for item in found]
    expected = [
        (item["severity"], item["where"], item["problem"], item.get("field")) for item in defect["finding"]
    ]
    assert reported == expected
    assert all(item.advice or "form.toml" in item.where for item in found)


def test_sound_form_has_no_problem(sound_form: Path) -> None:
    """A form that is right gives no finding, whichever way it is named."""
    for path in (sound_form, sound_form.parent, sound_form / "form.toml", sound_form / "template.docx"):
        assert check_path(path) == []
    assert check_form(read_form(sound_form)) == []


def test_every_form_of_a_folder_is_checked(sound_form: Path) -> None:
    """A folder of forms is checked whole, and a form that cannot be read does not hide the next one."""
    other = sound_form.parent / "zz-other"
    other.mkdir()
    (sound_form / "form.toml").write_text("id = ", encoding="utf-8")
    (other / "template.docx").write_bytes(b"no docx")
    (other / "form.toml").write_text("", encoding="utf-8")
    places = [problem.where.split()[0] for problem in check_path(sound_form.parent.parent)]
    assert places[0] == "ledger/form.toml"
    assert {"zz-other/form.toml", "zz-other/template.docx"} <= set(places)


def test_template_without_definition_in_folder(sound_form: Path) -> None:
    """A template that has lost its form.toml is reported when its folder is checked."""
    (sound_form / "form.toml").unlink()
    [problem] = check_path(sound_form)
    assert (problem.where, problem.problem) == ("ledger/template.docx", "旁边没有 form.toml")


def test_path_that_is_not_there(tmp_path: Path) -> None:
    """A path that does not exist, or holds no form, is a problem and not silence."""
    assert check_path(tmp_path / "nothing")[0].problem == "没有这个文件或文件夹"
    assert check_path(tmp_path)[0].problem == "文件夹里没有表单（form.toml）"


def test_missing_template(sound_form: Path) -> None:
    """A definition without its template is one problem."""
    (sound_form / "template.docx").unlink()
    [problem] = check_path(sound_form)
    assert problem.where == "ledger/template.docx"
    assert problem.problem.startswith("文件打不开")


def test_branches_may_share_a_tag(sound_form: Path, sound_body: str, docx: Callable[[str], bytes]) -> None:
    """The same field in two branches of one condition is no duplicate, in two conditions it is."""
    control = (
        '<w:sdt><w:sdtPr><w:alias w:val="项目名称"/><w:tag w:val="project.name"/></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>{{ project.name }}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    start, end = (
        sound_body.index("<w:p><w:r><w:t>项目名称："),
        sound_body.index('<w:p><w:sdt><w:sdtPr><w:alias w:val="企业'),
    )

    def template(*pieces: str) -> list[Problem]:
        runs = "".join(piece if piece == control else f"<w:r><w:t>{piece}</w:t></w:r>" for piece in pieces)
        body = f"{sound_body[:start]}<w:p>{runs}</w:p>{sound_body[end:]}"
        (sound_form / "template.docx").write_bytes(docx(body))
        return check_path(sound_form)

    condition = "{% if authorisation.date %}"
    assert template(condition, control, "{% else %}", control, "{% endif %}") == []
    [problem] = template(condition, control, "{% endif %}", condition, control, "{% endif %}")
    assert problem.problem.startswith("控件编号“project.name”重复")


def test_landscape_margins(sound_form: Path, sound_body: str, docx: Callable[[str], bytes]) -> None:
    """A turned page may turn its margins with it, but not have others."""
    portrait = (
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"'
    )
    turned = (
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        '<w:pgMar w:top="{}" w:right="{}" w:bottom="{}" w:left="{}"'
    )
    assert portrait in sound_body
    for margins, is_right in [
        ((2098, 1474, 1984, 1587), True),
        ((1587, 2098, 1474, 1984), True),
        ((1474, 1984, 1587, 2098), True),
        ((1984, 1587, 2098, 1474), False),
        ((1000, 1000, 1000, 1000), False),
    ]:
        (sound_form / "template.docx").write_bytes(
            docx(sound_body.replace(portrait, turned.format(*margins)))
        )
        assert (check_path(sound_form) == []) is is_right


def _definition(*ids: str, lists: tuple[str, ...] = ()) -> FormDefinition:
    return FormDefinition.model_validate(
        {
            "id": "try",
            "title": "试",
            "kind": "drafted",
            "document": "try",
            "source": {"number": "1", "title": "试", "file": "a", "place": "b"},
            "field": [{"id": name, "label": name, "filled_by": "office"} for name in ids],
            "list": [{"id": name, "label": name} for name in lists],
        }
    )


def test_overlapping_patterns() -> None:
    """Two patterns that can mean one field are a problem; a pattern and one of its indexes are not."""
    [problem] = check_definition(_definition("a.*.0", "a.0.*", "a.1", lists=("a", "a.0")))
    assert problem.field == "a.*.0"
    assert "a.0.*" in problem.problem
    assert check_definition(_definition("a.*", "a.0", lists=("a",))) == []
    assert check_definition(_definition("a.*.x", "a.*.y", lists=("a",))) == []
