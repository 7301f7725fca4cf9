"""Makes documents from start to end: orders of one form in, staged and checked DOCX and PDF out."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from forms.definition import FormDefinition
from foundation.errors import DaibanError, ExitCode, Problem, ToolMissingError
from foundation.writing import not_writable
from generator.form_generator import FormGenerator
from generator.layout.fonts import FontBook
from generator.layout.libreoffice import LibreOffice, Profile, find_libreoffice, office_folder
from generator.model import Failed, Order, Result
from generator.output.mark import MarkDrawer
from generator.template.edited import EditedDocument

_TELL = "请把上面的出错信息发给维护人员；其余文书不受影响"


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
        """Make the orders, all of one form. Staged files are named by issue number. Never raises for one form: what it
        breaks, a bug among it, is what its own documents fail with.
        """
        left = {order.issue: order for order in orders}
        try:
            for result in self._form_generator(orders[0].bound.form).run(orders, staging, self._convert):
                del left[result.order.issue]
                yield result
        except DaibanError as error:
            yield from (Failed(order, error.problems, error.exit_code) for order in left.values())
        except OSError as error:
            problems = not_writable(staging, error).problems
            yield from (Failed(order, problems, ExitCode.NOT_WRITABLE) for order in left.values())
        except MemoryError:
            problem = Problem(
                "", "内存不够，这张表没有做出来", advice="请关掉别的程序，或用 --workers 1 再试"
            )
            yield from (Failed(order, (problem,), ExitCode.TOOL_FAILED) for order in left.values())
        except Exception as error:
            traceback.print_exc()
            problem = Problem("", f"程序出错（{type(error).__name__}），这张表没有做出来", advice=_TELL)
            yield from (Failed(order, (problem,), ExitCode.BUG) for order in left.values())

    def _form_generator(self, form: FormDefinition) -> FormGenerator:
        if form.id not in self._forms:
            self._forms[form.id] = FormGenerator(form, self._fonts, self._marks)
        return self._forms[form.id]

    def run_edited(self, order: Order, docx: bytes, where: str, staging: Path) -> Result:
        """Make one order of a DOCX that staff edited, as it is. ``order``: with what the document says.

        :raises FormError: it is no plain Word document, which ``where`` names.
        """
        form = order.bound.form
        edited = EditedDocument(form, docx, where)
        generator = FormGenerator(form, self._fonts, self._marks, edited)
        return next(iter(generator.run([order], staging, self._convert)))

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
