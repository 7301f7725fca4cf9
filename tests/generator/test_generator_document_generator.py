"""The generator makes whole documents or says why not, whatever the converter does."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from forms.definition import FormDefinition
from foundation.errors import ExitCode, ToolFailedError
from generator.bind import bind
from generator.document_generator import DocumentGenerator, GeneratorSettings
from generator.layout.libreoffice import find_libreoffice
from generator.model import Failed, Order, Produced, Result

pytestmark = pytest.mark.office

Form = Callable[[str], FormDefinition]
Fake = Callable[[str], Path]


@pytest.fixture
def make(tmp_path: Path, form: Form, tree: dict[str, Any]) -> Iterator[Callable[..., list[Result]]]:
    """Make a number of 委托书, or another form, with a converter."""

    def run(
        count: int = 1, name: str = "authorisation", office: Path | None = None, **project: dict[int, str]
    ) -> list[Result]:
        orders = []
        for number in range(count):
            named = project.get("names", {}).get(number, f"第{number}号项目")
            case = {**tree, "id": f"C-{number}", "project": {**tree["project"], "name": named}}
            orders.append(Order(f"{number:08d}", bind(case, form(name))))
        settings = GeneratorSettings(b"k" * 32, {}, office, deadline_s=5, deadline_each_s=0.5)
        with DocumentGenerator(settings) as generator:
            return list(generator.run(orders, tmp_path))

    yield run


@pytest.mark.parametrize(
    "name", ["authorisation", "completion", "service-plan", "assessment", "ledger", "suggestions"]
)
def test_every_form_passes_its_own_checks(make: Callable[..., list[Result]], name: str) -> None:
    """Each built-in form comes out as a DOCX and a PDF that pass every check, two cases at once."""
    for result in make(2, name):
        assert isinstance(result, Produced), result
        assert result.pdf is not None
        assert result.pdf.stat().st_size > 0


@pytest.mark.parametrize(
    "fault",
    [
        "crashes",
        "writes_nothing",
        "writes_half",
        "writes_rubbish",
        "writes_another",
        "loses_a_page",
        "garbles",
    ],
)
def test_a_converter_that_always_fails_publishes_nothing(
    make: Callable[..., list[Result]], fake_office: Fake, tmp_path: Path, fault: str
) -> None:
    """Whatever a broken converter returns, the document fails with exit code 41 and leaves no PDF."""
    (result,) = make(1, office=fake_office(fault))
    assert isinstance(result, Failed)
    assert result.exit_code is ExitCode.TOOL_FAILED
    assert result.problems
    assert not list(tmp_path.glob("*.pdf"))


def test_a_converter_that_hangs_is_ended(
    make: Callable[..., list[Result]], fake_office: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the deadline the process is killed and the document fails, saying so."""
    monkeypatch.setattr("generator.form_generator._ATTEMPTS_ALONE", 1)
    (result,) = make(1, office=fake_office("hangs"))
    assert isinstance(result, Failed)
    assert "终止" in result.problems[0].problem


def test_one_poisonous_document_harms_no_other(make: Callable[..., list[Result]], fake_office: Fake) -> None:
    """A document that crashes the converter is set aside; the eleven others of its composite come out."""
    results = make(12, office=fake_office("chokes_on_poison"), names={7: "毒丸项目"})
    failed = [result for result in results if isinstance(result, Failed)]
    assert [result.order.bound.case_id for result in failed] == ["C-7"]
    assert len(results) == 12


def test_a_converter_that_fails_now_and_then_loses_nothing(
    make: Callable[..., list[Result]], fake_office: Fake
) -> None:
    """Failed composites are tried again until every document is out."""
    results = make(6, office=fake_office("fails_every_other_time"))
    assert all(isinstance(result, Produced) for result in results)


def test_a_converter_that_does_not_answer_is_called_that(fake_office: Fake) -> None:
    """LibreOffice that hangs when asked for its version is said to, within 15 seconds, and is not left running."""
    program = fake_office("mute")
    begun = time.monotonic()
    with pytest.raises(ToolFailedError, match="没有应答"):
        find_libreoffice(program)
    assert time.monotonic() - begun < 20
    assert not [one for one in psutil.Process().children() if "mute.py" in " ".join(one.cmdline())]


@pytest.mark.parametrize("office", ["too_old", "not_there"])
def test_without_a_converter_the_docx_still_comes_out(
    make: Callable[..., list[Result]], fake_office: Fake, office: str
) -> None:
    """LibreOffice absent or too old: DOCX only, and the problem says what to install."""
    (result,) = make(1, office=fake_office(office))
    assert isinstance(result, Produced)
    assert result.pdf is None
    assert result.docx.exists()
    assert "LibreOffice" in (result.problems[0].advice or "")
