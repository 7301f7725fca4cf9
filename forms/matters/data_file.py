"""Reads the data files of this folder, and an office's own beside its forms, into strict types."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from forms.definition_file import read_toml
from foundation.errors import FormError, Problem
from foundation.frozen_model import FrozenModel

FOLDER = Path(__file__).resolve().parent
_Data = TypeVar("_Data", bound=FrozenModel)


def read_data(path: Path, kind: type[_Data]) -> _Data:
    """A TOML file as a value.

    :raises FormError: it cannot be read, is not TOML, or has keys or values that do not belong there.
    """
    try:
        return kind.model_validate(read_toml(path, str(path)))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise FormError(*(_problem(path, item["loc"], item["type"]) for item in details)) from None


def _problem(path: Path, loc: tuple[int | str, ...], kind: str) -> Problem:
    place = ".".join(map(str, loc))
    problem = {"extra_forbidden": "不认识的键", "missing": "缺少这一项"}.get(kind, f"值不合规则（{kind}）")
    return Problem(f"{path} {place}".rstrip(), problem, advice="对照程序自带的 forms/matters 里的文件")
