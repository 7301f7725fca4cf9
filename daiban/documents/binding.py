"""What a document of a case would say now, and the digest by which that is compared with what went out.

The one place for it, so that ``generate``, ``status`` and ``archive`` agree on what has changed.
"""

from __future__ import annotations

import hashlib
import json

from cases.case_set import CaseSet
from cases.model.case import Case
from daiban.documents.contents import Contents
from daiban.documents.document_data import DocumentData, document_data
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.definition import FormDefinition
from foundation.errors import FormError, Problem
from foundation.field_tree import FieldTree
from foundation.os_errors import reason_of
from generator.bind import Bound, bind


class Binder:
    """Binds a workspace's cases to forms, with what is derived and the office's defaults.

    ``cases``: those whose cells problems are to name. ``contents``: what is on record, for the list of a case's files
    (卷内文件目录); None: nothing.
    """

    def __init__(
        self,
        settings: Settings,
        cases: CaseSet,
        deriver: Deriver,
        contents: Contents | None = None,
    ) -> None:
        self._settings = settings
        self._cases = cases
        self._deriver = deriver
        self._contents = contents
        self._last: tuple[Case, FieldTree] | None = None
        self._templates: dict[str, str] = {}
        self._bound: dict[str, Bound] = {}
        self._digests: dict[str, tuple[Bound, str]] = {}

    def bound(self, case: Case, form: FormDefinition) -> Bound:
        """One document's values."""
        tree = self._tree(case)
        if form.id not in self._bound or self._bound[form.id].form is not form:
            self._bound[form.id] = bind(tree, form, lambda field_id: self._cases.where(case.id, field_id))
        return self._bound[form.id]

    def data(self, case: Case) -> DocumentData:
        """What the case says, what follows from it, the office's defaults, and what is on record of the case."""
        return document_data(self._deriver.planned(case), self._settings, self._contents)

    def _tree(self, case: Case) -> FieldTree:
        """The same by field id. The forms of one case are bound one after the other, so what is known of the last case
        is kept.
        """
        if self._last is None or self._last[0] is not case:
            self._bound.clear()
            self._digests.clear()
            self._last = (case, self.data(case).field_tree())
        return self._last[1]

    def digest(self, bound: Bound) -> str:
        """The digest of a document: equal digests mean that nothing it says or prints has changed.

        :raises FormError: the form's template cannot be read.
        """
        form = bound.form
        if form.id not in self._templates:
            try:
                self._templates[form.id] = _printed_form(form)
            except OSError as error:
                raise FormError(Problem(str(form.template), f"模板读不出来：{reason_of(error)}")) from error
        # Whether an issue stands, and whether it is outdated, is asked of the same document.
        known = self._digests.get(form.id)
        if known is None or known[0] is not bound:
            known = self._digests[form.id] = (bound, bound.digest(self._templates[form.id]))
        return known[1]


#: What form.toml says of a field that shows in its document, or says whether it may go out.
_SHOWS = {"id", "label", "kind", "filled_by", "blank", "area", "multiline", "reads"}


def _printed_form(form: FormDefinition) -> str:
    """The digest of what a form prints: its template, and what form.toml adds to it.

    How a return is judged is not part of it: a new rule must not turn papers that are out for signature into those of
    a superseded issue.
    """
    shown = {
        "title": form.title,
        "fields": [field.model_dump(mode="json", include=_SHOWS) for field in form.fields],
        "lists": [item.model_dump(mode="json") for item in form.lists],
    }
    digest = hashlib.sha256(form.template.read_bytes())
    digest.update(json.dumps(shown, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()
