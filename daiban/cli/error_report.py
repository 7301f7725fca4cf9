"""What a command that failed as a whole prints with ``--json``."""

from __future__ import annotations

from foundation.errors import Problem
from foundation.frozen_model import FrozenModel


class ErrorReport(FrozenModel):
    """Why a command could not do its work; the process's exit code says of which kind that is."""

    problems: tuple[Problem, ...]
