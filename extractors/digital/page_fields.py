"""What the fields of a page say that never was paper, as far as a person would see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from cases.values.dates import read_date
from cases.values.invalid import InvalidValue
from extractors.digital.look import PageLook
from extractors.digital.observing import observe, observe_date, put_there, signed, unsure
from extractors.digital.page_text import PageCharacter, alterations, typed_characters
from extractors.model import Alteration, DateObservation, DigitalSignature, Doubt, IssuedDocument, Observation
from forms.definition import FieldKind
from forms.geometry import Box, FieldArea

_SLOTS = ("年", "月", "日")
_SHOWN = 24  # characters of a text that are said

_Found = tuple[Observation | None, str | None]


def observations_of(
    document: IssuedDocument, look: PageLook, signatures: Mapping[str, DigitalSignature]
) -> tuple[list[Observation], list[Doubt]]:
    """The observations of a page's open fields, and where the file says something else than it shows.

    ``signatures``: by the id of their signing place.
    """
    observations: list[Observation] = []
    doubts: list[Doubt] = []
    for area in _areas(document, look):
        seen, doubt = _Field(look, area).observed(signatures.get(area.id))
        if seen is not None:
            observations.append(seen)
        if doubt is not None:
            doubts.append(Doubt(reason=doubt, field=area.id, page=area.page))
    return observations, doubts


def signing_places(
    document: IssuedDocument, look: PageLook, signatures: Mapping[str, DigitalSignature]
) -> Iterator[Observation]:
    """The signing places of a page whose text is not the issued one: nothing there was pressed or written on paper."""
    for area in _areas(document, look):
        if area.kind == FieldKind.SIGNATURE:
            signature = signatures.get(area.id)
            yield signed(area, signature) if signature else unsure(area, "电子文件的文字与发出的对不上")


def page_alterations(document: IssuedDocument, look: PageLook) -> tuple[Alteration, ...]:
    """Where the print of a page differs from what was issued, as far as it can be seen.

    Text of a field's own appearance that runs out of the field is part of the field.
    """
    areas = _areas(document, look)
    own = {layer for area in areas for layer in _Field(look, area).layers}
    seen = [one for one in look.texts.returned if one.visible or _was_printed(one, look)]
    after = [one for one in seen if one.source is None or one.source.layer not in own]
    return alterations(look.texts.issued, after, areas, look.number, same_layout=look.frame.same_layout)


def doubts_of_page(document: IssuedDocument, look: PageLook) -> Iterator[Doubt]:
    """What makes a page as a whole one for a person to look at."""
    unlike = look.unlike(_areas(document, look)) if look.frame.same_layout else []
    if unlike:
        text = _short("".join(one.text for one in unlike))
        yield Doubt(
            reason=f"文字层里有“{text}”，页面上看到的却不是（被遮盖、涂抹或隐藏），请人工核对",
            page=look.number,
        )
    if look.form.is_layered:
        yield Doubt(
            reason="有的填写内容或批注放在可以关闭的图层里，别的程序里看到的可能不一样，请人工核对",
            page=look.number,
        )
    if look.differs_in_print():
        yield Doubt(reason="屏幕上显示的与打印出来的不一样，请人工核对", page=look.number)
    if not look.frame.same_layout:
        yield Doubt(reason="重新排过版，与发出的版面对不齐，请人工核对", page=look.number)


def _areas(document: IssuedDocument, look: PageLook) -> list[FieldArea]:
    return [area for area in document.areas if area.is_open and area.page == look.number]


def _was_printed(one: PageCharacter, look: PageLook) -> bool:
    """Whether the issued page has the same character at this place: then it was covered, and that is said of the
    page.
    """
    x, y = one.box.centre
    return any(
        other.text == one.text and abs(other.box.centre[0] - x) < 1 and abs(other.box.centre[1] - y) < 1
        for other in look.texts.issued
    )


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed into an area: what can be seen of it, and what cannot."""

    shown: str
    hidden: str


class _Field:
    """One open field of a page that never was paper."""

    def __init__(self, look: PageLook, area: FieldArea) -> None:
        self._look, self._area, self._kind = look, area, FieldKind(area.kind)
        self._characters = typed_characters(look.texts.returned, look.texts.issued, area)

    @property
    def layers(self) -> frozenset[int]:
        """The appearances, or forms that a program made of them, that write into this field, wherever they end."""
        return (
            frozenset(
                one.source.layer for one in self._characters if one.source is not None and one.source.in_form
            )
            - self._print_layers()
        )

    def observed(self, signature: DigitalSignature | None) -> _Found:
        """What the file says of it and a person sees (None: only its picture can say), and where the two differ."""
        if self._kind is FieldKind.SIGNATURE:
            return self._signing_place(signature)
        if self._kind is FieldKind.CHECKBOX:
            return self._box()
        return self._text()

    # -- text and dates ------------------------------------------------------------------------------

    def _text(self) -> _Found:
        widgets = self._look.widgets(self._area)
        values = {str(one.answer) for one in widgets if one.answer is not None}
        typed = self._typed()
        if len(values) > 1:
            return self._contradiction(
                f"表单里有几个不同的值（{'、'.join(_short(one) for one in sorted(values))}）"
            )
        if values:
            value = values.pop()
            if not all(one.is_drawn for one in widgets):
                return self._contradiction(
                    f"表单里填的是“{_short(value)}”，却没有存下显示的样子，有的程序里看不到"
                )
            if _says(typed.shown, value, self._kind):
                return observe(self._area, self._kind, value), None
            seen = f"看到的是“{_short(typed.shown)}”" if typed.shown else "什么也看不到"
            return self._contradiction(f"表单里填的是“{_short(value)}”，页面上{seen}")
        if typed.shown and any(one.has_text for one in widgets):
            return self._contradiction(f"页面上显示“{_short(typed.shown)}”，表单里却没有填")
        if typed.hidden:
            return self._contradiction(f"文件里有看不见的文字“{_short(typed.hidden)}”")
        if not typed.shown:
            return None, None
        if self._kind is FieldKind.DATE:
            return self._flattened_date(typed.shown), None
        return observe(self._area, self._kind, typed.shown), None

    def _contradiction(self, reason: str) -> _Found:
        return unsure(self._area, reason), f"{reason}，请人工核对"

    def _typed(self) -> _Typed:
        own = self.layers
        found = list(self._characters)
        found += [
            one
            for one in self._look.texts.returned
            if one.source is not None and one.source.layer in own and one not in found
        ]
        shown = "".join(one.text for one in found if one.visible)
        hidden = "".join(one.text for one in found if not one.visible)
        return _Typed(shown, hidden)

    def _print_layers(self) -> frozenset[int]:
        """Forms that draw the page's print: a program may have made one of the whole page."""
        areas = self._area.box.all_round(5)
        return frozenset(
            one.source.layer
            for one in self._look.texts.returned
            if one.source is not None
            and one.source.in_form
            and not _holds(areas, one)
            and _was_printed(one, self._look)
        )

    def _flattened_date(self, text: str) -> DateObservation:
        """A date typed over the printed 年 月 日, whole, or into the slots between them."""
        whole = observe_date(self._area, text)
        if whole.slots.count("filled") == len(_SLOTS):
            return whole
        among = "".join(one.text for one in self._look.visible if _holds(self._area.box, one))
        return observe_date(self._area, among)

    # -- boxes ---------------------------------------------------------------------------------------

    def _box(self) -> _Found:
        widgets = self._look.widgets(self._area)
        if not widgets:
            return None, None
        is_shown = self._look.has_added(self._area.box)
        if not all(one.is_plain for one in widgets) or len({one.answer for one in widgets}) > 1:
            return self._contradiction("表单里这个选项框的值不合规则，不能确定是否勾选")
        answer, ticked = widgets[0].answer, any(one.is_ticked for one in widgets)
        if answer and not (ticked and is_shown):
            return self._contradiction("表单里是已勾选，页面上看不到勾")
        if not answer and ticked and is_shown:
            return self._contradiction("页面上看到勾，表单里却是未勾选")
        return observe(self._area, self._kind, bool(answer)), None

    # -- signing places ------------------------------------------------------------------------------

    def _signing_place(self, signature: DigitalSignature | None) -> _Found:
        if signature is not None:
            return signed(self._area, signature), None
        shown = "".join(one.text for one in self._characters if one.visible)
        widgets = self._look.widgets(self._area)
        if any(one.answer for one in widgets):
            return self._contradiction("签名域里有内容，却不是能核验的电子签名")
        if shown:
            return put_there(self._area, "typed", shown), None
        if self._look.has_added(self._area.box):
            return put_there(self._area, "picture"), None
        return observe(self._area, self._kind, None), None


def _says(shown: str, value: str, kind: FieldKind) -> bool:
    if _folded(shown) == _folded(value):
        return True
    if kind is not FieldKind.DATE:
        return False
    try:
        return read_date(shown) == read_date(value)
    except InvalidValue:
        return False


def _folded(text: str) -> str:
    return "".join(normalize("NFKC", text).split())


def _holds(box: Box, one: PageCharacter) -> bool:
    x, y = one.box.centre
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
