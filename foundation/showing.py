"""Text of any origin fit to be shown: on a terminal, in a report, in a message."""

from __future__ import annotations

import json
import re
import unicodedata

#: Longer text is cut where people read it: a page of a report holds about as much.
LONGEST = 2000
#: What JSON leaves as it is and a terminal may act upon: control characters, marks of direction, what has no width.
_UNSAFE = re.compile(
    r"[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)


def plain(text: object) -> str:
    """The text without what a terminal, a file format or a reader's eye would trip over: control characters, lone
    surrogates, marks that turn the writing direction.
    """
    return "".join(_plain(char) for char in str(text))


def bounded(text: str, at_most: int = LONGEST) -> str:
    """The text, cut where it is longer than anybody reads, with how long it is."""
    return text if len(text) <= at_most else f"{text[:at_most]}……（共 {len(text)} 字）"


def plain_json(text: str) -> str:
    """JSON that says the same with what a terminal would act upon escaped."""
    return _UNSAFE.sub(lambda found: json.dumps(found.group())[1:-1], text)


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":  # turns the writing direction, or has no width
        return ""
    return "\ufffd" if category in ("Cc", "Cs") and char not in "\n\t" else char
