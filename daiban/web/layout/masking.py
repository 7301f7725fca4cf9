"""Personal data (个人信息) in logs: numbers of identity cards and telephones are shown by their first and last digits.

Source: docs say which; GB/T 35273-2020, 附录 B: 身份证件号码, 电话号码 are personal data.
"""

from __future__ import annotations

import logging
import re

#: A resident's identity number (GB 11643), a mobile number, a landline with its area code; not inside a longer number.
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9]\d{5}(?:19|20)\d{9}[\dXx]|1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?![0-9A-Za-z])"
)


def masked(text: str) -> str:
    """The text with personal numbers as ``138****8000``."""
    return _PERSONAL.sub(lambda found: _mask(found.group()), text)


class MaskPersonalData(logging.Filter):
    """Masks what a log line says, its arguments and its traceback included."""

    def filter(self, line: logging.LogRecord) -> bool:
        """The line is written in any case."""
        line.msg, line.args = masked(line.getMessage()), None
        if line.exc_info and not line.exc_text:
            line.exc_text = masked(logging.Formatter().formatException(line.exc_info))
        return True


def _mask(number: str) -> str:
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
