"""Every form that comes with the program is laid out whole: nothing on it, and far more than it was drawn for."""

import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from generator.model import Produced
from tests.generator.looks import assert_looks_clean

#: 晋城's printed forms have tests of their own.
FORMS = [form.id for form in Catalogue.load().forms if form.document != "jincheng" or form.trigger]
Tree = dict[str, Any]


@pytest.mark.office
@pytest.mark.parametrize("name", FORMS)
def test_least_and_most_are_laid_out(
    press_all: Callable[..., list[Produced]],
    form: Callable[[str], FormDefinition],
    least: Callable[[str], Tree],
    overfull: Callable[[FormDefinition], Tree],
    name: str,
) -> None:
    """Both come out of one composite, each with its own pages, fields and text as the output check wants them; marks
    touch nothing of a form.
    """
    produced = press_all(name, least(name), overfull(form(name)))
    blank, full = sorted(produced, key=lambda item: item.order.issue)
    assert blank.pdf is not None and full.pdf is not None
    with pikepdf.open(blank.pdf) as one, pikepdf.open(full.pdf) as other:
        assert len(one.pages) <= len(other.pages)
        sizes = {
            tuple(float(side) for side in page.mediabox[2:]) for pdf in (one, other) for page in pdf.pages
        }
    assert len(sizes) == 1
    for document in (blank, full):
        assert_looks_clean(document, form(name))
    assert {re.sub(r"\d+", "*", field) for field in blank.blank} >= {
        re.sub(r"\d+", "*", field) for field in full.blank
    }
