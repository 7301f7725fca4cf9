"""Reads every output again before it is published. A file that fails is not published, with the reason.

The DOCX is read by its tags and must hold the values of its case, field by field. The PDF's text must be exactly the
text of that DOCX, character for character as often as it stands there: nothing lost, garbled, or of another case.
The open fields must all be there, on the page, apart from each other.
"""

from __future__ import annotations

import bisect
import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from forms.definition import FieldKind, FormDefinition
from forms.geometry import Box, FieldArea
from forms.page_mark import MAXIMUM_PAGES
from forms.template.controls import Control, read_controls
from forms.template.field_codes import PAGE_COUNTS, write_results
from forms.template.ooxml import ROW, TAG, VAL, Element, w
from forms.template.text import document_text
from foundation.errors import Problem
from generator.bind import Bound
from generator.values import written

_REPEATED_ROW = f"{w('trPr')}/{w('tblHeader')}"
_BLANKS = re.compile(r"[\s\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff\ufffe]+")
#: Latin ligatures, which PDF readers take apart whatever stands in the document, and the hyphen that does not break.
_AS_PRINTED = {ord(one): unicodedata.normalize("NFKC", one) for one in "ﬀﬁﬂﬃﬄﬅﬆ"} | {0x2011: "-"}
#: Where a header or footer has the page's number, and the number of pages: characters that XML holds and no text has.
_PAGE, _PAGES = "\ufdd0", "\ufdd1"
_SMALLEST_MM = 1.5
_OVERLAP_MM2 = 0.5
#: Characters of values, at the least, that fill one more page of any form.
_CHARACTERS_A_PAGE = 150


def squeezed(text: str) -> str:
    """Text without anything that does not print, marks composed with what they stand on."""
    return unicodedata.normalize("NFC", _BLANKS.sub("", text).translate(_AS_PRINTED))


def shown_ids(body: Element) -> Iterator[str]:
    """The ids of the controls a filled document shows, in reading order."""
    for tag in body.iter(TAG):
        yield tag.get(VAL, "")


def docx_problems(docx: bytes, bound: Bound) -> list[Problem]:
    """Whether the filled DOCX, read again by its tags, equals its case."""
    controls: dict[str, Control] = {}
    problems: list[Problem] = []
    for control in read_controls(docx):
        if control.is_gallery:
            continue
        if control.tag in controls:
            problems.append(_wrong(control.place, f"内容控件“{control.tag}”出现两次", control.tag))
        controls[control.tag] = control
    for tag, control in controls.items():
        if tag not in bound.values:
            problems.append(_wrong(control.place, f"内容控件“{tag}”不是本表的字段", tag))
        elif not _holds_value(control, bound, tag):
            problems.append(_wrong(control.place, f"“{control.alias}”读回的内容与案卷数据不一致", tag))
    problems.extend(_lost(bound, controls))
    return problems


def _holds_value(control: Control, bound: Bound, tag: str) -> bool:
    value = bound.values[tag]
    if bound.definition(tag).kind is FieldKind.CHECKBOX:
        # Stricter than what a person may tick: what goes out is drawn as it is switched.
        return control.state is bool(value) and control.glyph is bool(value)
    if value is None:
        return not re.sub(r"[\s年月日]", "", control.text)
    return control.text == written(value)


def _lost(bound: Bound, controls: Mapping[str, Control]) -> Iterator[Problem]:
    for field_id, value in bound.values.items():
        if field_id not in controls and (value is not None or bound.definition(field_id).required != "no"):
            yield _wrong("全文", f"字段“{bound.definition(field_id).label}”没有印出来", field_id)


@dataclass(frozen=True, slots=True)
class PrintedText:
    """How often each character stands in what a document prints, and in its rows repeated on every page."""

    characters: Counter[str]
    repeated: Counter[str]

    @classmethod
    def of(cls, body: Element) -> PrintedText:
        """From a filled document's body."""
        repeated: Counter[str] = Counter()
        for row in body.iter(ROW):
            if row.find(_REPEATED_ROW) is not None:
                repeated.update(squeezed(document_text(row)))
        return cls(Counter(squeezed(document_text(body))), repeated)


class PageFurniture:
    """The page numbers and other header and footer text of one template's pages."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        """Read a package's headers and footers; ``parts`` by zip name."""
        self._lines = {
            kind: sorted(
                {_line(xml) for name, xml in parts.items() if re.search(rf"/{kind}\d*\.xml$", name)},
                key=len,
                reverse=True,
            )
            for kind in ("header", "footer")
        }

    def without(self, text: str, number: int, pages: int) -> str:
        """A page's squeezed text without its header and its footer. They come first or last in a page's content.

        :param number: of the page, from 1; :param pages: how many the document has.
        """
        kinds = list(self._lines)
        while kinds:
            for kind in kinds:
                rest = self._without(text, kind, number, pages)
                if rest is not None:
                    text = rest
                    kinds.remove(kind)
                    break
            else:
                break
        return text

    def _without(self, text: str, kind: str, number: int, pages: int) -> str | None:
        """The text without one header or footer; None where it has none."""
        for pattern in self._lines[kind]:
            line = pattern.replace(_PAGE, str(number)).replace(_PAGES, str(pages))
            if line and text.startswith(line):
                return text.removeprefix(line)
            if line and text.endswith(line):
                return text.removesuffix(line)
        return None


def text_problems(printed: PrintedText, pages: Sequence[str]) -> list[Problem]:
    """Whether the PDF's pages (squeezed, without furniture) hold exactly what the document prints."""
    problems = [_wrong(f"第{number}页", "页面是空的") for number, page in enumerate(pages, 1) if not page]
    found = Counter("".join(pages))
    lost = printed.characters - found
    repeated = Counter({character: count * (len(pages) - 1) for character, count in printed.repeated.items()})
    extra = found - printed.characters - repeated
    if lost:
        problems.append(_wrong("PDF 全文", f"缺少文字“{_sample(lost)}”"))
    if extra:
        problems.append(_wrong("PDF 全文", f"多出文字“{_sample(extra)}”"))
    return problems


def value_problems(bound: Bound, pages: Sequence[str]) -> list[Problem]:
    """Whether every line of every value stands in the PDF's text in one piece, except where a page ends."""
    text = "".join(pages)
    return [
        _wrong("PDF 全文", f"找不到“{bound.definition(field_id).label}”的内容", field_id)
        for field_id, value in bound.values.items()
        if isinstance(value, str | dt.date) and not all(_stands(line, text, pages) for line in _lines(value))
    ]


def _lines(value: str | dt.date) -> list[str]:
    return [squeezed(line) for line in written(value).split("\n")]


def _stands(line: str, text: str, pages: Sequence[str]) -> bool:
    return line in text or any(_continues(line, pages[start:]) for start in range(len(pages)))


def _continues(line: str, pages: Sequence[str]) -> bool:
    """Whether a line runs on from page to page; between its parts other cells and repeated header rows may stand."""
    for page in pages:
        length = bisect.bisect_left(range(1, len(line) + 1), True, key=lambda size: line[:size] not in page)
        if length == 0:
            return False
        line = line[length:]
        if not line:
            return True
    return False


def page_problems(form: FormDefinition, bound: Bound, pages: int) -> list[Problem]:
    """Whether the page count fits the form and what was filled in."""
    characters = sum(
        len(value) + 40 * value.count("\n") for value in bound.values.values() if isinstance(value, str)
    )
    rows = sum(bound.entries.values())
    if pages > MAXIMUM_PAGES:
        return [
            Problem(
                "PDF",
                f"文书共 {pages} 页，超过一份文书最多的 {MAXIMUM_PAGES} 页",
                advice="请缩短表格里的文字，或者把项目分到几份文书里",
            )
        ]
    limit = form.pages[1] + characters // _CHARACTERS_A_PAGE + rows // 8 + 1
    if pages < form.pages[0] or pages > limit:
        return [_wrong("PDF", f"共 {pages} 页，与模板（{form.pages[0]}–{form.pages[1]} 页）和内容不相称")]
    return []


def area_problems(
    bound: Bound, shown: Sequence[str], areas: Sequence[FieldArea], page_sizes: Sequence[tuple[float, float]]
) -> list[Problem]:
    """Whether every open field shown in the DOCX has its area, inside its page, apart from all others."""
    open_areas = [area for area in areas if area.is_open]
    problems = []
    for field_id in set(shown) - {area.id for area in open_areas}:
        problems.append(_wrong("PDF", f"待填的“{bound.definition(field_id).label}”没有位置", field_id))
    for area in open_areas:
        width, height = page_sizes[area.page - 1]
        if (
            not area.box.within(Box(0, 0, width, height))
            or min(area.box.width, area.box.height) < _SMALLEST_MM
        ):
            problems.append(
                _wrong(
                    f"第{area.page}页", f"“{bound.definition(area.id).label}”的填写位置出页或太小", area.id
                )
            )
    for one, other in _overlapping(open_areas):
        labels = "”与“".join(bound.definition(area.id).label for area in (one, other))
        problems.append(_wrong(f"第{one.page}页", f"“{labels}”的填写位置互相重叠", one.id))
    return problems


def _overlapping(areas: Sequence[FieldArea]) -> Iterator[tuple[FieldArea, FieldArea]]:
    ordered = sorted(areas, key=lambda area: (area.page, area.box.y0))
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.page != one.page or other.box.y0 >= one.box.y1:
                break
            if one.box.overlap_mm2(other.box) > _OVERLAP_MM2:
                yield one, other


def _line(part: bytes) -> str:
    """What a header or footer prints, with marks where its page number and the page count stand."""
    root = etree.fromstring(part)
    write_results(root, {"PAGE"}, _PAGE)
    write_results(root, PAGE_COUNTS, _PAGES)
    return squeezed(document_text(root))


def _sample(counter: Counter[str]) -> str:
    return "".join(counter.elements())[:20]


def _wrong(where: str, problem: str, field_id: str | None = None) -> Problem:
    return Problem(where, problem, field_id, "文书未发布；请检查模板，或向维护人员反映")
