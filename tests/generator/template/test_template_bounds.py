"""Rendering is bounded: what a template asks for without end ends its own document, with the tag that asks."""

from __future__ import annotations

import time
from typing import Any

import pytest

from foundation.errors import FormError
from generator.template import bounds
from generator.template.rendering import CompiledTemplate

LOOP, END = "{% for i in x %}", "{% endfor %}"


def refused(kit: Any, text: str, context: dict[str, Any]) -> str:
    """What a template with this paragraph is refused with."""
    template = CompiledTemplate.load(kit.make(kit.paragraph(text)))
    with pytest.raises(FormError) as raised:
        template.render(context)
    return str(raised.value)


def test_nested_loops_end_at_their_tag(kit: Any) -> None:
    """Loops in loops over a list, thirty to the twelfth rounds, are stopped at once, and the tag is named."""
    begun = time.monotonic()
    said = refused(kit, LOOP * 12 + END * 12, {"x": [str(number) for number in range(30)]})
    assert f"{LOOP}”算不出来，原因：循环超过" in said
    assert time.monotonic() - begun < 20


def test_output_is_bounded(kit: Any) -> None:
    """A list of long texts prints no more than a document can hold."""
    said = refused(kit, LOOP + "{{ i }}" + END, {"x": ["字" * 100_000] * 400})
    assert "填出来超过 16 MB" in said


def test_names_do_not_double_for_ever(kit: Any) -> None:
    """A text that is joined to itself again and again is stopped long before memory is."""
    said = refused(kit, "{% set t = '字' %}" + "{% set t = t ~ t %}" * 60 + "{{ t }}", {})
    assert "算出的文字超过" in said


def test_time_is_bounded(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that is filled for longer than its deadline is stopped, however little it asks at a time."""
    monkeypatch.setattr(bounds, "DEADLINE_S", 0.0)
    assert "还没有填完" in refused(kit, LOOP + "{{ i }}" + END, {"x": ["字"] * 1000})


def test_bounds_are_each_documents_own(kit: Any) -> None:
    """What one document used up is not missing for the next: a batch of them may go round as often as it has to."""
    template = CompiledTemplate.load(kit.make(kit.paragraph(LOOP + "{{ i }}" + END)))
    for _ in range(3):
        template.render({"x": ["字"] * (bounds.MOST_ROUNDS // 2)})


@pytest.mark.parametrize("text", [LOOP * 21 + END * 21, "{% if x %}" * 110 + "{% endif %}" * 110])
def test_what_python_cannot_compile_is_a_problem(kit: Any, text: str) -> None:
    """Blocks nested deeper than Python compiles are refused as a wrong template, not as a bug."""
    with pytest.raises(FormError):
        CompiledTemplate.load(kit.make(kit.paragraph(text)))
