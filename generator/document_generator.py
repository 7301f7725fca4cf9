"""Makes documents from start to end: orders of one form in, staged and checked DOCX and PDF out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import DaibanError, ExitCode, Problem, ToolMissingError
from generator.form_generator import FormGenerator
from generator.layout.fonts import FontBook
from generator.layout.libreoffice import LibreOffice, Profile, find_libreoffice, office_folder
from generator.model import Failed, Order, Result
from generator.output.mark import MarkDrawer


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """What a generator needs to know; plain values, so that it can be sent to a worker process.

    ``mark_key``: the key of the page marks.
    ``libreoffice``: one that was found already, which saves asking it for its version again; or where to look.
    ``deadline_s``: how long one conversion may take, plus ``deadline_each_s`` for each document in it.
    """

    mark_key: bytes
    fonts: Mapping[str, str]
    libreoffice: LibreOffice | Path | None = None
    deadline_s: float = 60
    deadline_each_s: float = 1


class DocumentGenerator:
    """Fills, lays out, cuts and checks. One per worker; use as a context manager.

    ``profiles``: the folder for LibreOffice's profile, where the caller will remove it: a worker in a pool never learns
    that its work is over. Without it the generator has one of its own, which goes with it.
    """

    def __init__(self, settings: GeneratorSettings, profiles: Path | None = None) -> None:
        self._settings = settings
        self._profiles = profiles
        self._fonts = FontBook(settings.fonts)
        self._marks = MarkDrawer(settings.mark_key, self._fonts.glyph_fonts("黑体"))
        self._forms: dict[str, FormGenerator] = {}
        self._profile: Profile | None = None
        self._own = ExitStack()
        self._libreoffice: LibreOffice | ToolMissingError
        try:
            found = settings.libreoffice
            self._libreoffice = found if isinstance(found, LibreOffice) else find_libreoffice(found)
        except ToolMissingError as missing:
            self._libreoffice = missing

    def __enter__(self) -> DocumentGenerator:
        return self

    def __exit__(self, *_: object) -> None:
        self._own.close()

    def run(self, orders: Sequence[Order], staging: Path) -> Iterator[Result]:
        """Make the orders, all of one form. Staged files are named by issue number. Never raises for one document."""
        form = orders[0].bound.form
        try:
            if form.id not in self._forms:
                self._forms[form.id] = FormGenerator(form, self._fonts, self._marks)
            generator = self._forms[form.id]
        except DaibanError as error:
            yield from (Failed(order, error.problems, error.exit_code) for order in orders)
            return
        try:
            yield from generator.run(orders, staging, self._convert)
        except OSError as error:
            problem = Problem(
                str(staging), f"无法写入：{error.strerror or error}", advice="请检查磁盘空间和权限后重新运行"
            )
            yield from (Failed(order, (problem,), ExitCode.NOT_WRITABLE) for order in orders)

    def _convert(self, docx: Path, count: int) -> Path:
        if isinstance(self._libreoffice, ToolMissingError):
            raise self._libreoffice
        if self._profile is None:
            inside = self._profiles or self._own.enter_context(office_folder())
            self._profile = Profile(self._libreoffice, inside)
        deadline = self._settings.deadline_s + count * self._settings.deadline_each_s
        pdf = self._libreoffice.convert(docx, self._profile.path, deadline)
        self._profile.keep_as_seed()
        return pdf
