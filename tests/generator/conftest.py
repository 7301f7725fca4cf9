"""Shared by the generator's tests: small fonts made on the spot, and issued PDFs of the built-in forms."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph

from forms.catalogue import Catalogue
from forms.definition import FieldDefinition, FieldKind, FormDefinition
from generator import fonts
from generator.bind import bind
from generator.fonts import FontFile
from generator.model import Order, Produced
from generator.office import Office, Profile, find_office
from generator.press import Press, PressSettings


@pytest.fixture
def font_file(tmp_path: Path) -> Callable[[str, str], FontFile]:
    """Makes a font file that can draw just these characters."""

    def make(family: str, characters: str) -> FontFile:
        names = [".notdef", *(f"g{ord(character):X}" for character in characters)]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap(dict(zip(map(ord, characters), names[1:], strict=True)))
        builder.setupGlyf({name: Glyph() for name in names})
        builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
        builder.setupHorizontalHeader(ascent=880, descent=-120)
        builder.setupNameTable({"familyName": family, "styleName": "Regular"})
        builder.setupOS2()
        builder.setupPost()
        path = tmp_path / f"{family}.ttf"
        builder.save(path)
        return FontFile(family, path, 0)

    return make


@pytest.fixture
def install(
    font_file: Callable[[str, str], FontFile], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[Mapping[str, str]], None]]:
    """Lets the machine have exactly these families, each drawing just its characters; the cache is empty."""

    def put(families: Mapping[str, str]) -> None:
        files = {family: font_file(family, characters) for family, characters in families.items()}
        monkeypatch.setattr(fonts, "installed_fonts", lambda: files)

    fonts._coverage.cache_clear()
    monkeypatch.setattr(fonts, "user_cache_path", lambda _name: tmp_path / "cache")
    yield put
    fonts._coverage.cache_clear()


@pytest.fixture(scope="session")
def press_all(
    form: Callable[[str], FormDefinition], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., list[Produced]]:
    """Issues documents of one form, all in one composite, each from a case of its own."""

    def run(name: str, *trees: dict[str, Any]) -> list[Produced]:
        orders = [Order(f"{number:08d}", bind(tree, form(name))) for number, tree in enumerate(trees)]
        with Press(PressSettings(b"k" * 32, {})) as press:
            results = list(press.run(orders, tmp_path_factory.mktemp(name)))
        assert all(isinstance(result, Produced) for result in results), results
        return [result for result in results if isinstance(result, Produced)]

    return run


@pytest.fixture(scope="session")
def issued(press_all: Callable[..., list[Produced]]) -> Callable[[str], Produced]:
    """An issued document of a form in which everything is open that need not be there at issue."""
    return lru_cache(lambda name: press_all(name, needed(name))[0])


@pytest.fixture(scope="session")
def lay_out() -> Iterator[Callable[[Path], Path]]:
    """Lays out a DOCX with LibreOffice, in a profile of its own."""
    office: Office = find_office()
    profile = Profile(office)
    yield lambda docx: office.convert(docx, profile.path, 120)
    profile.remove()


@pytest.fixture(scope="session")
def least() -> Callable[[str], dict[str, Any]]:
    """A case with only what a form needs to be issued."""
    return needed


def needed(name: str) -> dict[str, Any]:
    manager = {"name": "王建国"} if name in ("ledger", "service-plan") else {}
    case: dict[str, Any] = {
        "id": "JC-1",
        "document": "jincheng",
        "project": {"name": "陶瓷材料生产线项目", "code": "2601-140502-04-01-123456"},
        "enterprise": {"name": "太行新材料有限公司"},
        "agency": {"name": "晋城市行政审批服务管理局"},
        "manager": manager,
        "authorisation": {"stage": "立项用地规划许可", "items": ["企业投资项目备案"]},
    }
    if name == "service-plan":
        plan = {"approval": {"items": ["企业投资项目备案"]}}
        return {**case, "contact": {"name": "李明", "phone": "13800138000"}, "plan": plan}
    built_in = {form.id: form for form in Catalogue.load().forms}
    return put_needed(case, built_in[name]) if name in built_in else case


def put_needed(tree: dict[str, Any], form: FormDefinition) -> dict[str, Any]:
    """Adds what a form needs at issue and nothing else: its own fields, and the first of each choice."""
    either = [rule.fields[0] for rule in form.any_of if rule.at == "issue"]
    for field in form.fields:
        if field.required == "issue" or field.id in either:
            put(tree, field.id.replace("*", "0"), ordinary_value(field))
    return of_this_list(tree, form)


def of_this_list(tree: dict[str, Any], form: FormDefinition) -> dict[str, Any]:
    """Every entry says what makes it one of the form's own list (``category = "社会投资类"``)."""
    for item in form.lists:
        for entry in tree.get(item.id, ()):
            entry.update(item.where)
    return tree


def ordinary_value(field: FieldDefinition) -> Any:
    return dt.date(2026, 3, 5) if field.kind is FieldKind.DATE else f"某{field.label}"


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Sets what a dotted id names, where nothing is yet; a number is a place in a list."""
    node: Any = tree
    *branches, last = path.split(".")
    for name, below in zip(branches, [*branches[1:], last], strict=True):
        new: Any = [] if below.isdigit() else {}
        if isinstance(node, list):
            node.extend({} for _ in range(int(name) + 1 - len(node)))
            node = node[int(name)]
        else:
            node = node.setdefault(name, new)
    if isinstance(node, list):
        node.extend(None for _ in range(int(last) + 1 - len(node)))
        node[int(last)] = value
    else:
        node.setdefault(last, value)


LONG_NAME = "晋城市" + "高端精密装备制造产业园" * 8 + "一期工程"
SENTENCE = "项目单位应当在材料齐备后提出申请，逾期未提出的由项目长催办。"
LONG = (SENTENCE * 11)[:300]
LINES = "\n".join(f"{number}. {SENTENCE}" for number in range(1, 11))
ROWS = 12


@pytest.fixture(scope="session")
def overfull() -> Callable[[FormDefinition], dict[str, Any]]:
    """A case that says far more than a form was drawn for."""
    return overfull_case


def overfull_case(form: FormDefinition) -> dict[str, Any]:
    """Long names, 300 characters wherever people write, long lists, every box ticked."""
    tree: dict[str, Any] = {"id": "LONG-1", "document": form.document}
    for field in form.fields:
        if field.kind is FieldKind.SIGNATURE:
            continue
        rows = range(ROWS) if "*" in field.id else range(1)
        for row in rows:
            field_id = field.id.replace("*", str(row))
            if field.kind is FieldKind.CHECKBOX:
                _tick(tree, field.reads or field_id.rpartition(".")[0], field.label)
            else:
                put(tree, field_id, _long(field, row))
    return of_this_list(tree, form)


def _long(field: FieldDefinition, row: int) -> Any:
    if field.kind is FieldKind.DATE:
        return dt.date(2026, 12, 20 + row % 10)
    if field.multiline:
        return LINES if row == 0 else LONG
    return LONG_NAME if row == 0 else f"第{row}项{field.label}"


def _tick(tree: dict[str, Any], path: str, label: str) -> None:
    put(tree, path, [])
    node: Any = tree
    for name in path.split("."):
        node = node[int(name)] if isinstance(node, list) else node[name]
    node.append(label)
