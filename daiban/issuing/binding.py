"""What a document of a case would say now, and the digest by which that is compared with what went out.

The one place for it: ``generate`` decides by it what to make, ``status`` tells by it what has changed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cases.caseset import CaseSet
from cases.model import Case
from daiban.errors import FormError, Problem
from daiban.issuing.defaults import with_defaults
from daiban.settings import Settings
from forms.definition import FormDefinition
from generator.bind import Bound, bind


class Binder:
    """Binds a workspace's cases to forms, the office's defaults in."""

    def __init__(self, settings: Settings, cases: CaseSet) -> None:
        self._settings = settings
        self._cases = cases
        self._templates: dict[str, str] = {}

    def bound(self, case: Case, form: FormDefinition) -> Bound:
        """One document's values."""
        return bind(
            with_defaults(case.tree(), self._settings),
            form,
            lambda field_id: self._cases.where(case.id, field_id),
        )

    def digest(self, bound: Bound) -> str:
        """The digest of a document: equal digests mean that nothing changed since.

        :raises FormError: the form's template cannot be read.
        """
        form = bound.form
        if form.id not in self._templates:
            try:
                self._templates[form.id] = _sha256(form.template, form.folder / "form.toml")
            except OSError as error:
                raise FormError(
                    Problem(str(form.template), f"模板读不出来：{error.strerror or error}")
                ) from error
        return bound.digest(self._templates[form.id])


def _sha256(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
