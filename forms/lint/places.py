"""Where in a part an element stands, for what is found by its name: in a paragraph, a table's row, or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from forms.template.docx_file import Story
from forms.template.ooxml import PARAGRAPH, Element, w
from forms.template.walker import walk
from foundation.errors import Problem

_PAGE = "页面设置"


class Places:
    """The places of one part's elements, as a person counts them: ``第3段``, ``表1 第2行 第1格``, ``页脚``."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._places = {block.element: block.place for block in walk(story.root, story.label)}

    def of(self, element: Element) -> str:
        """The place of an element: of the paragraph it stands in, or else of the first one it is about."""
        for around in (element, *element.iterancestors()):
            if around in self._places:
                return self._places[around]
            if around.tag == w("sectPr"):
                return _PAGE
            if around.tag in (w("tc"), w("tr"), w("tbl"), w("sdt")):
                inner = next((item for item in around.iter(PARAGRAPH) if item in self._places), None)
                if inner is not None:
                    return self._places[inner]
        return self.story.label

    def problems(self, elements: Iterable[Element], problem: str, advice: str) -> list[Problem]:
        """One error for all elements of a kind: at the first one's place, and how many there are."""
        places = [self.of(element) for element in elements]
        if not places:
            return []
        others = list(dict.fromkeys(place for place in places if place != places[0]))
        more = f"（还有{'、'.join(others[:5])}{'等' if len(others) > 5 else ''}）" if others else ""
        return [Problem(places[0], problem + more, advice=advice)]
