"""One worker's press: orders of one form in, staged and checked documents out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import DaibanError, ExitCode, Problem, ToolMissingError
from generator.layout.fonts import FontBook
from generator.layout.form_press import FormPress
from generator.layout.libreoffice import Office, Profile, find_office
from generator.model import Failed, Order, Result
from generator.output.mark import MarkPen, NoPen, Pen


@dataclass(frozen=True, slots=True)
class PressSettings:
    """What a press needs to know; plain values, so that it can be sent to a worker process.

    ``mark_key``: the key of the page marks; None for papers that carry none, because nobody sends them back.

    ``office``: the LibreOffice that was found already, so that nobody has to ask it again; or where to look for one.
    ``deadline_s``: how long one conversion may take, plus ``deadline_each_s`` for each document in it.
    """

    mark_key: bytes | None
    fonts: Mapping[str, str]
    office: Office | Path | None = None
    deadline_s: float = 60
    deadline_each_s: float = 1


class Press:
    """Fills, lays out, cuts and checks. One per worker; use as a context manager.

    ``profiles``: the folder for LibreOffice's profile, where somebody else will remove it: a worker in a pool is
    never told that its work is over. Without it the press makes and removes its own.
    """

    def __init__(self, settings: PressSettings, profiles: Path | None = None) -> None:
        self._settings = settings
        self._profiles = profiles
        self._fonts = FontBook(settings.fonts)
        key = settings.mark_key
        self._pen: Pen = NoPen() if key is None else MarkPen(key, self._fonts.glyph_font("黑体"))
        self._forms: dict[str, FormPress] = {}
        self._profile: Profile | None = None
        self._office: Office | ToolMissingError
        try:
            found = settings.office
            self._office = found if isinstance(found, Office) else find_office(found)
        except ToolMissingError as missing:
            self._office = missing

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_: object) -> None:
        if self._profile is not None:
            self._profile.remove()

    def run(self, orders: Sequence[Order], staging: Path) -> Iterator[Result]:
        """Make the orders, all of one form. Staged files are named by issue number. Never raises for one document."""
        form = orders[0].bound.form
        try:
            if form.id not in self._forms:
                self._forms[form.id] = FormPress(form, self._fonts, self._pen)
            press = self._forms[form.id]
        except DaibanError as error:
            yield from (Failed(order, error.problems, error.exit_code) for order in orders)
            return
        try:
            yield from press.run(orders, staging, self._convert)
        except OSError as error:
            problem = Problem(
                str(staging), f"无法写入：{error.strerror or error}", advice="请检查磁盘空间和权限后重新运行"
            )
            yield from (Failed(order, (problem,), ExitCode.NOT_WRITABLE) for order in orders)

    def _convert(self, docx: Path, count: int) -> Path:
        if isinstance(self._office, ToolMissingError):
            raise self._office
        if self._profile is None:
            self._profile = Profile(self._office, self._profiles)
        deadline = self._settings.deadline_s + count * self._settings.deadline_each_s
        pdf = self._office.convert(docx, self._profile.path, deadline)
        self._profile.keep_as_seed()
        return pdf
