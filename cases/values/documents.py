"""The documents (文件) whose forms this program fills, as people name them: by place or by id."""

from __future__ import annotations

import re
from collections.abc import Collection

from cases.values.invalid import InvalidValue
from cases.values.text import fold_code

DOCUMENTS = {
    "晋城": "jincheng",
    "阳城": "yangcheng",
    "鞍山": "anshan",
    "交城": "jiaocheng",
    "晋开": "jinkai",
}
"""Document ids by the name of the place that issued them."""
DEFAULT_DOCUMENT = "jincheng"
_DOCUMENT_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")


def read_document(text: str) -> str:
    """The id of a document, written as its id or by its place: 阳城 → yangcheng.

    :raises InvalidValue: it is neither.
    """
    folded = fold_code(text).lower()
    document = DOCUMENTS.get(folded.removesuffix("市").removesuffix("县"), folded)
    if not _DOCUMENT_ID.fullmatch(document):
        raise InvalidValue(f"“{text}”不是文件的编号", "填 jincheng 或 晋城；有哪些文件可用 daiban forms 查看")
    return document


def document_name(document: str) -> str:
    """The place whose document an id is; the id itself for one of an office's own: yangcheng → 阳城."""
    return next((name for name, known in DOCUMENTS.items() if known == document), document)


def default_document(documents: Collection[str]) -> str | None:
    """The document of a case that names none, by those an office works with: its only one, or 晋城's if it names none.

    None where there are several: then each case has to name its own.
    """
    if len(documents) > 1:
        return None
    return next(iter(documents), DEFAULT_DOCUMENT)
