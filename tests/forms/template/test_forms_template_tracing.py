"""A tag of a patched part leads back to the tag its author wrote."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from forms.template.docxtpl_patch import patch
from forms.template.ooxml import W_NAMESPACE
from forms.template.tags import scan
from forms.template.tracing import trace


def traced(patched: list[str], *paragraphs: str) -> list[str | None]:
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    root = etree.fromstring(f'<w:body xmlns:w="{W_NAMESPACE}">{body}</w:body>')
    return [tag.place if tag else None for tag in trace(patched, scan(root).tags)]


@pytest.mark.parametrize(
    ("written", "patched"),
    [
        ("{{ a }}", "{{ a }}"),
        ("{{r a }}", "{{ a }}"),
        ("{%p if a %}", "{% if a %}"),
        ("{% if a &lt; 1 %}", "{% if a < 1 %}"),
        ("{% if a == “x” %}", '{% if a == "x" %}'),
        ("{% colspan a %}", "{{ a }}"),
        ("{{  a|default( 'x' ) }}", "{{ a|default('x') }}"),
    ],
)
def test_a_patched_tag_is_the_one_that_says_the_same(written: str, patched: str) -> None:
    """Prefixes, quotes, entities and blanks that docxtpl changes do not hide a tag's place."""
    assert traced([patched], "甲", written) == ["第2段"]


def test_of_equal_tags_each_is_its_own() -> None:
    """The n-th of several tags that say the same is the n-th one written; one more is the last."""
    assert traced(["{{ a }}"] * 3, "{{ a }}", "{{ a }}") == ["第1段", "第2段", "第2段"]


def test_what_docxtpl_made_has_no_author() -> None:
    """A tag that stands in no template leads nowhere."""
    assert traced(["{{ x.hm }}"], "{{ a }}") == [None]


def test_a_tag_cut_into_runs_is_found_after_patching() -> None:
    """docxtpl's own patch of a tag over several runs is traced."""
    words = "{{ a</w:t></w:r><w:r><w:t>.b }}"
    patched = re.findall(r"\{\{.*?\}\}", patch(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"))
    assert traced(patched, words) == ["第1段"]
