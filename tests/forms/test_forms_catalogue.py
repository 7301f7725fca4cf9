"""Finding forms: the built-in ones, an office's own, and those that are wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from forms.catalogue import Catalogue
from forms.definition import FieldKind, FilledBy
from forms.describe import FIELD_KIND_NAMES, FILLED_BY_NAMES, KIND_NAMES, describe
from forms.lint.check import check_form
from foundation.errors import CaseDataError, ExitCode, FormError

DOCUMENT = """
id = "try"
title = "试用通知"
number = "试〔2026〕1号"
issuer = "试用局"
date = "2026-01-01"
file = "try.txt"
forms = ["try-ledger"]

[stages]
"立项" = ["try-ledger", "jincheng-ledger"]
"验收" = ["try-ledger"]
"""


@pytest.fixture
def own(sound_form: Path) -> Path:
    """An office's own folder with one document and one form."""
    (sound_form.parent / "document.toml").write_text(DOCUMENT, encoding="utf-8")
    return sound_form.parent.parent


def test_built_in_forms_are_sound() -> None:
    """Every form that comes with the program is found, is listed by its document, and leaves lint nothing to say."""
    catalogue = Catalogue.load()
    assert catalogue.problems == ()
    assert {item.id for item in catalogue.documents} == {item.document for item in catalogue.forms}
    assert [str(problem) for form in catalogue.forms for problem in check_form(form)] == []


def test_order_is_the_documents(own: Path) -> None:
    """Forms come document by document, each in its document's order, an office's own after the built-in ones."""
    catalogue = Catalogue.load(own)
    ids = [item.id for item in catalogue.forms]
    first = [form_id for document in catalogue.documents for form_id in document.forms]
    assert ids[: len(first)] == first
    assert ids[-1] == "try-ledger"
    assert catalogue.problems == ()


def test_unknown_form_names_the_nearest() -> None:
    """Asking for a form that is not there names the nearest id, and for a title the id it has."""
    catalogue = Catalogue.load()
    with pytest.raises(FormError) as caught:
        catalogue.form("jincheng-autorisation")
    assert caught.value.problems[0].advice == "是否指“jincheng-authorisation”？"
    assert caught.value.exit_code is ExitCode.FORM
    with pytest.raises(FormError, match="jincheng-authorisation"):
        catalogue.form(catalogue.form("jincheng-authorisation").title)
    with pytest.raises(FormError, match="jincheng"):
        catalogue.document("jinchen")


def test_stage_decides_the_forms(own: Path) -> None:
    """A stage gives its forms, no stage the first one's, and an unknown stage is wrong case data."""
    catalogue = Catalogue.load(own)
    assert catalogue.for_stage("try", "验收") == ("try-ledger",)
    assert catalogue.for_stage("try", None) == ("try-ledger", "jincheng-ledger")
    with pytest.raises(CaseDataError) as caught:
        catalogue.for_stage("try", "立项目")
    assert caught.value.problems[0].field == "stage"
    assert caught.value.problems[0].advice == "是否指“立项”？"
    with pytest.raises(CaseDataError):
        catalogue.for_stage("tri", None)


def test_document_without_stages_gives_all_its_forms(own: Path) -> None:
    """Where a document prescribes no stages, a case gets all its forms."""
    path = own / "try" / "document.toml"
    path.write_text(DOCUMENT.partition("[stages]")[0], encoding="utf-8")
    assert Catalogue.load(own).for_stage("try", None) == ("try-ledger",)


def test_bad_form_does_not_hide_the_others(own: Path) -> None:
    """One definition that cannot be read leaves all others, and asking for it tells what is wrong with it."""
    bad = own / "try" / "bad"
    shutil.copytree(own / "try" / "ledger", bad)
    text = (bad / "form.toml").read_text(encoding="utf-8")
    (bad / "form.toml").write_text(text.replace('kind = "drafted"', 'kind = "other"', 1), encoding="utf-8")
    catalogue = Catalogue.load(own)
    assert catalogue.form("try-ledger").title == "代办信息台账"
    assert [problem.where for problem in catalogue.problems] == ["bad/form.toml kind"]
    with pytest.raises(FormError, match="只能是 'reproduced' 或 'drafted'"):
        catalogue.form("try-bad")


def test_duplicate_id_is_a_problem(own: Path, tmp_path: Path) -> None:
    """The same id in two folders is a problem that names both, and the first one stays."""
    other = tmp_path / "other"
    shutil.copytree(own / "try" / "ledger", other / "mine")
    catalogue = Catalogue.load(own, other)
    [problem] = catalogue.problems
    assert problem.where == "mine/form.toml"
    assert problem.problem == "编号“try-ledger”已被 ledger/form.toml 占用，此处不用"
    assert catalogue.form("try-ledger").folder == own / "try" / "ledger"


def test_own_form_for_a_known_document(own: Path, tmp_path: Path) -> None:
    """An office may add a form of its own to a document that is already there; it comes last."""
    shutil.copytree(own / "try" / "ledger", tmp_path / "mine" / "extra")
    path = tmp_path / "mine" / "extra" / "form.toml"
    text = path.read_text(encoding="utf-8").replace("try-ledger", "own-extra").replace('"try"', '"jincheng"')
    path.write_text(text, encoding="utf-8-sig")
    catalogue = Catalogue.load(tmp_path / "mine")
    assert catalogue.problems == ()
    assert [form.id for form in catalogue.forms if form.document == "jincheng"][-1] == "own-extra"


def test_documents_and_forms_agree(own: Path) -> None:
    """A document naming a form there is none of, and a form its document does not name, are problems."""
    path = own / "try" / "document.toml"
    path.write_text(DOCUMENT.replace('forms = ["try-ledger"]', 'forms = ["try-ledgr"]'), encoding="utf-8")
    reported = {(problem.where, problem.problem) for problem in Catalogue.load(own).problems}
    assert reported == {
        ("try/document.toml forms", "没有表单“try-ledgr”"),
        ("ledger/form.toml", "表单“try-ledger”没有列在 document.toml 里"),
    }


def test_form_of_an_unknown_document(sound_form: Path) -> None:
    """A form whose document is nowhere is still usable, and reported."""
    catalogue = Catalogue.load(sound_form.parent.parent)
    assert catalogue.form("try-ledger").document == "try"
    assert [problem.where for problem in catalogue.problems] == ["ledger/form.toml"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("id = 甲".encode("gbk"), "不是 UTF-8 编码"),
        (b"a = 1\na = 2\n", "TOML 语法有误"),
        (b"", "缺少这一项"),
        (b'folder = "x"', "不认识的键“folder”"),
    ],
)
def test_unusable_toml(sound_form: Path, data: bytes, expected: str) -> None:
    """A definition in another encoding, with broken syntax, empty or with a forbidden key is reported in words."""
    (sound_form / "form.toml").write_bytes(data)
    problems = Catalogue.load(sound_form.parent.parent).problems
    assert expected in problems[0].problem


def test_missing_folder_holds_no_forms(tmp_path: Path) -> None:
    """A folder of own forms that is not there changes nothing."""
    assert Catalogue.load(tmp_path / "forms").forms == Catalogue.load().forms


def test_describe_says_what_a_form_is(own: Path) -> None:
    """A form's description is JSON, says reproduced or drafted in Chinese, and names who fills every field."""
    for form in Catalogue.load(own).forms:
        reported = json.loads(describe(form).model_dump_json())
        assert (reported["id"], reported["source"]["number"]) == (form.id, form.source.number)
        assert reported["kind_name"] == {"reproduced": "照印", "drafted": "拟制"}[form.kind]
        fields = [item["id"] for item in reported["fields"]]
        assert fields == [item.id for item in form.fields]
        assert sorted(field for who in reported["filled_by"].values() for field in who["fields"]) == sorted(
            fields
        )


def test_every_enumerated_value_has_its_term() -> None:
    """Every kind of form and field and everyone who fills has a Chinese term."""
    assert set(FIELD_KIND_NAMES) == set(FieldKind)
    assert set(FILLED_BY_NAMES) == set(FilledBy)
    assert set(KIND_NAMES) == {"reproduced", "drafted"}


def test_what_files_need_is_held_against_forms_and_stages(own: Path) -> None:
    """[archive] may name only forms there are, once each, under stages the document has."""
    path = own / "try" / "document.toml"
    archive = '\n[archive]\n"立项" = ["try-ledgr", "try-ledger", "try-ledger"]\n"验受" = []\n'
    path.write_text(DOCUMENT + archive, encoding="utf-8")
    reported = {(problem.where, problem.problem) for problem in Catalogue.load(own).problems}
    assert reported == {
        ("try/document.toml archive 的“立项”", "没有表单“try-ledgr”"),
        ("try/document.toml archive 的“立项”", "表单“try-ledger”写了不止一次"),
        ("try/document.toml archive", "[stages] 里没有“验受”这个阶段"),
    }


def test_a_form_is_found_by_what_people_call_it() -> None:
    """A title, whole or in part and without its marks, means the forms of that name; what is not clear means none."""
    catalogue = Catalogue.load()

    def ids(name: str) -> set[str]:
        return {form.id for form in catalogue.named(name)}

    assert ids("《“全代办”服务委托书》") == ids("全代办服务委托书") == {"jincheng-authorisation"}
    assert ids("jincheng-ledger") == {"jincheng-ledger"}
    assert {"jincheng-authorisation", "yangcheng-authorisation"} <= ids("委托书")
    assert ids("县级联审会议纪要") == {"yangcheng-review-minutes"}
    assert ids("单") == ids("没有的表") == set()
    assert "县级联审会议纪要" in catalogue.titles()
