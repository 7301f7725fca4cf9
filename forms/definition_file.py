"""Reads form.toml and document.toml; what is wrong with them is reported in Chinese, all at once.

Pydantic's errors are translated by their type, never from their text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from forms.definition import (
    AnyOf,
    CaseRules,
    DateRule,
    DocumentDefinition,
    FieldDefinition,
    FormDefinition,
    FormSource,
    ListDefinition,
    Margin,
    StatedFact,
)
from foundation.errors import FormError, Problem
from foundation.frozen_model import FrozenModel
from foundation.nearest import did_you_mean
from foundation.os_errors import reason_of
from foundation.reading import (
    LEADS_OUT,
    LINK_ADVICE,
    TomlBoundsError,
    leads_out,
    parse_toml,
    read_file,
)

FORM_FILE, DOCUMENT_FILE, TEMPLATE_FILE = "form.toml", "document.toml", "template.docx"

_MOST_BYTES = 4 * 2**20  # the largest definition of ours has 0.1 MB
_Model = TypeVar("_Model", FormDefinition, DocumentDefinition)
# The key under which each model stands in a form.toml.
_PARTS: Mapping[str, type[FrozenModel]] = {
    "field": FieldDefinition,
    "list": ListDefinition,
    "any_of": AnyOf,
    "dates": DateRule,
    "fact": StatedFact,
    "case": CaseRules,
    "source": FormSource,
    "area": Margin,
}
# Pydantic's error types → what is wrong; ``{…}`` from the error's context.
_MESSAGES: Mapping[str, str] = {
    "missing": "缺少这一项",
    "string_type": "应是文字（加引号）",
    "int_type": "应是整数",
    "int_from_float": "应是整数",
    "int_parsing": "应是整数",
    "float_type": "应是数字",
    "float_parsing": "应是数字",
    "bool_type": "应是 true 或 false",
    "bool_parsing": "应是 true 或 false",
    "tuple_type": "应是一列，写成 […]",
    "list_type": "应是一列，写成 […]",
    "dict_type": "应是一组键值",
    "model_type": "应是一组键值",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "finite_number": "应是数字",
    "too_short": "项数太少，至少 {min_length} 项",
    "too_long": "项数太多，至多 {max_length} 项",
    "value_error": "{error}",
}
_SYNTAX_PLACE = re.compile(r"at line (\d+), column (\d+)")
_AREA_FORMS = "应是 “text”、“cell”、“row”，或 { left, right, up, down } 的毫米数"


def read_form(folder: Path) -> FormDefinition:
    """The definition in a form's folder.

    :raises FormError: with every problem of the file.
    """
    return _read(folder / FORM_FILE, FormDefinition)


def read_document(folder: Path) -> DocumentDefinition:
    """The definition of a source document; raises FormError with every problem of the file."""
    return _read(folder / DOCUMENT_FILE, DocumentDefinition)


def refuse_links(folder: Path, root: Path) -> None:
    """Refuse an own form, or document, of which a file is a link out of the folder of own forms.

    :raises FormError: naming it.
    """
    for name in (FORM_FILE, DOCUMENT_FILE, TEMPLATE_FILE):
        if leads_out(folder / name, root):
            raise FormError(Problem(shown_name(folder / name), LEADS_OUT, advice=LINK_ADVICE))


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """A TOML file as plain data; ``name`` is what problems call it.

    :raises FormError: not there, not UTF-8, or not TOML, with the line.
    """
    try:
        # Notepad writes a byte order mark, which TOML does not know.
        return parse_toml(read_file(path, _MOST_BYTES).decode("utf-8-sig"))
    except OSError as error:
        raise FormError(Problem(name, f"文件打不开：{reason_of(error)}")) from error
    except UnicodeDecodeError as error:
        raise FormError(Problem(name, "不是 UTF-8 编码", advice="用 UTF-8 编码另存")) from error
    except TomlBoundsError as error:
        raise FormError(Problem(name, str(error), advice="请核对这个文件")) from error
    except tomllib.TOMLDecodeError as error:
        # Python 3.11 gives the place of a TOML error in its message only.
        match = _SYNTAX_PLACE.search(str(error))
        where = f"{name} 第{match.group(1)}行 第{match.group(2)}列" if match else f"{name} 文末"
        advice = "检查引号、括号和等号是否成对、键是否重复"
        raise FormError(Problem(where, "TOML 语法有误", advice=advice)) from error


def shown_name(path: Path) -> str:
    """How problems name a file of a form: its folder and its own name."""
    return f"{path.parent.name}/{path.name}"


def _read(path: Path, model: type[_Model]) -> _Model:
    name = shown_name(path)
    data = read_toml(path, name)
    # The folder is where the file was read from, never a key in it.
    misplaced = [_unknown_key(name, (), "folder", model)] if "folder" in data else []
    try:
        found = model.model_validate({**data, "folder": path.parent})
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [
            _translated(name, data, item, model) for item in details if _concerns_what_was_written(item, data)
        ]
        raise FormError(*misplaced, *_unique(problems)) from error
    if misplaced:
        raise FormError(*misplaced)
    return found


def _unique(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _concerns_what_was_written(item: ErrorDetails, data: Any) -> bool:
    """Whether an error is about the alternative of ``area`` that was written: a word, or a table of margins."""
    loc = item["loc"]
    if "area" not in loc:
        return True
    at = loc.index("area")
    value = _at(data, loc[: at + 1])
    branch = str(loc[at + 1]) if len(loc) > at + 1 else ""
    return branch == "Margin" if isinstance(value, dict) else branch != "Margin"


def _translated(name: str, data: Any, item: ErrorDetails, model: type[FrozenModel]) -> Problem:
    loc = _without_alternatives(item["loc"])
    if item["type"] == "extra_forbidden":
        return _unknown_key(f"{name}{_place(data, loc[:-1])}", loc[:-1], str(loc[-1]), model)
    where, field_id = f"{name}{_place(data, loc)}", _field_id(data, loc)
    if loc[-1:] == ("area",):
        return Problem(where, _AREA_FORMS, field_id)
    message = _MESSAGES.get(item["type"], "值不合要求")
    context = {key: _chinese_choice(value) for key, value in item.get("ctx", {}).items()}
    return Problem(where, message.format_map(context), field_id)


def _chinese_choice(value: Any) -> str:
    return str(value).replace(" or ", " 或 ").replace("', '", "'、'")


def _unknown_key(where: str, loc: tuple[int | str, ...], key: str, model: type[FrozenModel]) -> Problem:
    owner = next((_PARTS[str(part)] for part in reversed(loc) if str(part) in _PARTS), model)
    known = [info.alias or name for name, info in owner.model_fields.items() if name != "folder"]
    return Problem(
        where, f"不认识的键“{key}”", advice=did_you_mean(key, known, f"可用的键：{'、'.join(known)}")
    )


def _without_alternatives(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """A location without the names pydantic gives to a union's alternatives."""
    return tuple(
        part
        for part in loc
        if not (isinstance(part, str) and (part == "Margin" or part.startswith("literal[")))
    )


def _place(data: Any, loc: tuple[int | str, ...]) -> str:
    """`` 第3个 field（contact.phone） 的 kind``: a location as a person reads it."""
    words: list[str] = []
    for at, part in enumerate(loc):
        if isinstance(part, int):
            found = _at(data, loc[: at + 1])
            named = f"（{found['id']}）" if isinstance(found, dict) and "id" in found else ""
            words[-1] = f"第{part + 1}个 {words[-1]}{named}"
        else:
            words.append(part)
    return " " + " 的 ".join(words) if words else ""


def _field_id(data: Any, loc: tuple[int | str, ...]) -> str | None:
    found = _at(data, loc[:2]) if loc[:1] == ("field",) else None
    return str(found["id"]) if isinstance(found, dict) and "id" in found else None


def _at(data: Any, loc: tuple[int | str, ...]) -> Any:
    for part in loc:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data
