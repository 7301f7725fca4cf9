"""Effective type of a run: size, fonts and alignment after styles and defaults (ECMA-376 Part 1, 17.7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forms.template.ooxml import VAL, Element, is_on, w, whole_number

# A document that names no size at all: 10 pt, in half-points.
_DEFAULT_HALF_POINTS = 20
_THEME = "主题字体"


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str
    paragraph: Element | None
    run: Element | None
    name: str = ""


@dataclass(frozen=True)
class Typography:
    """A template's styles. Sizes are in points; a font is None where nothing names one."""

    styles: dict[str, _Style] = field(default_factory=dict)
    default_style: str = ""
    defaults: Element | None = None

    @classmethod
    def of(cls, styles_part: Element | None) -> Typography:
        """From the root of ``word/styles.xml``, or nothing."""
        if styles_part is None:
            return cls()
        styles = {item.get(w("styleId"), ""): _style(item) for item in styles_part.iter(w("style"))}
        default = next(
            (
                item.get(w("styleId"), "")
                for item in styles_part.iter(w("style"))
                if item.get(w("type")) == "paragraph" and item.get(w("default")) in ("1", "true")
            ),
            "",
        )
        return cls(styles, default, styles_part.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}"))

    def size_pt(self, run: Element, paragraph: Element) -> float:
        """The run's type size in points."""
        for properties in self._run_chain(run, paragraph):
            size = properties.find(w("sz"))
            number = whole_number(size.get(VAL)) if size is not None else None
            if number is not None:
                return number / 2
        return _DEFAULT_HALF_POINTS / 2

    def font(self, run: Element, paragraph: Element, script: str) -> str | None:
        """The font of one script: ``eastAsia`` (Chinese) or ``ascii`` (letters and digits)."""
        for properties in self._run_chain(run, paragraph):
            fonts = properties.find(w("rFonts"))
            if fonts is None:
                continue
            if fonts.get(w(f"{script}Theme")):
                return _THEME
            if name := fonts.get(w(script)):
                return name
        return None

    def has(self, run: Element, paragraph: Element, name: str) -> bool:
        """Whether an on/off property of the run is on: ``vanish`` (hidden text), ``caps``."""
        for properties in self._run_chain(run, paragraph):
            found = properties.find(w(name))
            if found is not None:
                return is_on(found)
        return False

    def style_name(self, paragraph: Element) -> str:
        """The name of the paragraph's style, as Word and WPS show it."""
        return next((style.name for style in self._style_chain(paragraph)), "")

    def is_centred(self, paragraph: Element) -> bool:
        """Whether the paragraph is centred."""
        own = paragraph.find(w("pPr"))
        chain = [own] if own is not None else []
        chain += [style.paragraph for style in self._style_chain(paragraph) if style.paragraph is not None]
        for properties in chain:
            alignment = properties.find(w("jc"))
            if alignment is not None:
                return alignment.get(VAL) == "center"
        return False

    def _run_chain(self, run: Element, paragraph: Element) -> Iterator[Element]:
        own = run.find(w("rPr"))
        if own is not None:
            yield own
            named = own.find(w("rStyle"))
            if named is not None:
                yield from (item.run for item in self._based(named.get(VAL, "")) if item.run is not None)
        yield from (item.run for item in self._style_chain(paragraph) if item.run is not None)
        if self.defaults is not None:
            yield self.defaults

    def _style_chain(self, paragraph: Element) -> Iterator[_Style]:
        named = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        return self._based(named.get(VAL, "") if named is not None else self.default_style)

    def _based(self, name: str) -> Iterator[_Style]:
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            name = self.styles[name].based_on


def _style(item: Element) -> _Style:
    base = item.find(w("basedOn"))
    name = item.find(w("name"))
    return _Style(
        base.get(VAL, "") if base is not None else "",
        item.find(w("pPr")),
        item.find(w("rPr")),
        name.get(VAL, "") if name is not None else "",
    )
