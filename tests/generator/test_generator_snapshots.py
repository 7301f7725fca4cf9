"""What each form says when it holds the least it may, an ordinary case, and far more than it was drawn for.

A snapshot shows a filled DOCX as a reader meets it: its text line by line, then its content controls with tag, label,
place and what they hold. A blank is shown as ⟨its length⟩. Look at the difference before accepting a new one with
``pytest --snapshot-update``.
"""

import re
from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.template.controls import Control, read_controls
from forms.template.text import document_text
from generator.bind import bind
from generator.template.fill import FormFiller
from simulator.cases import form_contents

#: 晋城's six by their folders' names, all others by their ids.
FORMS = [form.id.removeprefix("jincheng-") for form in Catalogue.load().forms]
Form = Callable[[str], FormDefinition]


class TextFile(SingleFileSnapshotExtension):
    """One text file per snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.mark.parametrize("amount", form_contents.AMOUNTS)
@pytest.mark.parametrize("name", FORMS)
def test_filled(
    form: Form,
    name: str,
    amount: str,
    snapshot: SnapshotAssertion,
) -> None:
    """A filled form's text and content controls are those its snapshot shows."""
    definition = form(name)
    tree = form_contents.contents_of(definition, amount)
    bound = bind(tree, definition)
    assert bound.errors == ()
    filled = FormFiller(definition).fill(bound)
    shown = [*document_text(filled.body).split("\n"), "", "——", *map(line_of, read_controls(filled.docx)), ""]
    assert "\n".join(map(with_blanks, shown)) == snapshot(extension_class=TextFile)


def line_of(control: Control) -> str:
    """``project.name = 值 〔标签｜第1段〕``, with what a control is beside what it says."""
    value = shortened(control.text.replace("\n", "⏎"))
    if control.is_checkbox:
        value = f"{value} {'on' if control.checked else 'off'}"
    kind = "｜placeholder" if control.is_placeholder else ""
    return f"{control.tag} = {value} 〔{control.alias}｜{control.place}{kind}〕"


def shortened(value: str) -> str:
    """A long value by its ends and length: the text above has said it in full."""
    return value if len(value) <= 60 else f"{value[:20]}…{value[-10:]}（{len(value)} 字）"


def with_blanks(line: str) -> str:
    """Runs of no-break spaces as their length, which the eye cannot count; tabs as themselves."""
    return re.sub("\u00a0+", lambda match: f"⟨{len(match.group())}⟩", line).replace("\t", " ⇥ ").rstrip()
