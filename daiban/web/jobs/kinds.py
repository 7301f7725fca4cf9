"""Kinds of jobs: each names an operation, its arguments as a model, and who may ask for it.

An app that has jobs registers them in its module ``job_kinds``, which is imported at the start; what an operation needs
is imported when it runs, so that the process that serves pages stays small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from daiban.office import Office
from daiban.progress_bar import Progress
from daiban.web.access import Role
from foundation.errors import ExitCode, Problem
from foundation.frozen_model import FrozenModel

Arguments = TypeVar("Arguments", bound=FrozenModel)


@dataclass(frozen=True)
class JobOutcome:
    """What came of a job. ``summary``: one Chinese sentence; ``problems``: bounded by what people read; ``result``: the
    operation's own model, for other systems; ``link``: the page to look at.
    """

    summary: str
    problems: tuple[Problem, ...] = ()
    exit_code: ExitCode = ExitCode.OK
    result: BaseModel | None = None
    link: str = ""


@dataclass(frozen=True)
class JobKind(Generic[Arguments]):
    """``run`` does the work and may be ended at any ``advance`` of its progress; begun again with the same arguments it
    must go on from what is done already. ``roles``: who may ask for it and see it; nobody else but an administrator.
    """

    name: str
    label: str
    arguments: type[Arguments]
    run: Callable[[Office, Arguments, Progress], JobOutcome]
    roles: frozenset[Role] = field(default=frozenset(Role))


_kinds: dict[str, JobKind[Any]] = {}


def register(kind: JobKind[Any]) -> None:
    """Make a kind known."""
    if _kinds.get(kind.name, kind) is not kind:
        raise ValueError(f"two kinds of job named {kind.name}")
    _kinds[kind.name] = kind


def kind_of(name: str) -> JobKind[Any] | None:
    """The kind of this name; None for one that this version no longer has."""
    return _kinds.get(name)


def kinds() -> tuple[JobKind[Any], ...]:
    """All kinds."""
    return tuple(_kinds.values())
