"""The Jinja environment templates run in: sandboxed, escaping, and never silently blank.

A template is edited by office staff and may come from anywhere, so it runs in Jinja's sandbox. A name the
case does not have is not an empty string but a :class:`MissingData`: using it is noted, rendering goes on,
and the renderer reports all of them at once. Outside such a rendering (docxtpl itself using this environment)
it raises like Jinja's StrictUndefined.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import BuiltinFunctionType, FrameType, FunctionType, MethodType
from typing import Any

from jinja2 import ChainableUndefined, Template, TemplateRuntimeError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from generator.template.bounds import counted, measured


@dataclass(frozen=True, slots=True)
class Missing:
    """One use of a name that is not there: the name, and the line of the marked source (from 1)."""

    name: str
    line: int


_noted: ContextVar[list[Missing] | None] = ContextVar("missing_data", default=None)


@contextmanager
def missing_noted() -> Iterator[list[Missing]]:
    """Collect, in this thread or task only, what is missing while a template is rendered."""
    noted: list[Missing] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


class MissingData(ChainableUndefined):
    """A value that is not there. ``is defined`` and ``default()`` may ask; every other use is noted."""

    __slots__ = ()

    def _note(self) -> None:
        """Note the use; raise instead where uses are not collected, or where the sandbox refused an attribute."""
        noted = _noted.get()
        if noted is None or self._undefined_exception is not UndefinedError:
            self._fail_with_undefined_error()
        else:
            noted.append(Missing(str(self._undefined_name), _template_line()))

    def _note_and_fail(self, *args: Any, **kwargs: Any) -> Any:
        self._note()
        self._fail_with_undefined_error()

    def __str__(self) -> str:
        self._note()
        return ""

    def __iter__(self) -> Iterator[Any]:
        self._note()
        return iter(())

    def __bool__(self) -> bool:
        self._note()
        return False

    def __len__(self) -> int:
        self._note()
        return 0

    def __eq__(self, other: object) -> bool:
        return bool(self)

    def __ne__(self, other: object) -> bool:
        return bool(self)

    def __contains__(self, item: object) -> bool:
        return bool(self)

    # These have no harmless answer, so they end the part.
    __hash__ = __call__ = __int__ = __float__ = __lt__ = __le__ = __gt__ = __ge__ = _note_and_fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _note_and_fail
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __pos__ = __neg__ = (
        _note_and_fail
    )


def _template_line() -> int:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if isinstance(template, Template):
            return template.get_corresponding_lineno(frame.f_lineno)
        frame = frame.f_back
    return 0


def refuse_methods(value: Any) -> Any:
    """Jinja ``finalize``: pass a value on, unless it is Python's and not the data's: ``plan.items`` on a plain dict."""
    if isinstance(value, (MethodType, FunctionType, BuiltinFunctionType)):
        raise TemplateRuntimeError(f"“{value.__name__}”是程序里的方法，不是数据")
    return value


class FormEnvironment(SandboxedEnvironment):
    """Jinja's sandbox, with what compiled templates ask for their bounds."""

    counted = staticmethod(counted)
    measured = staticmethod(measured)


def template_environment(**options: Any) -> FormEnvironment:
    """A fresh environment with this program's rules; ``options`` are Jinja's own and add to them."""
    # Nothing is worked out while a template is compiled: there are no bounds on it then.
    rules = {"autoescape": True, "undefined": MissingData, "finalize": refuse_methods, "optimized": False}
    return FormEnvironment(**(rules | options))
