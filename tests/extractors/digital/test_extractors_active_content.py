"""What a PDF would do when it is opened is named, wherever it stands in the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from extractors.digital.active_content import active_content

SCRIPT = {"/S": Name.JavaScript, "/JS": String("app.alert(1)")}


def _opened(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(SCRIPT)


def _named(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), Dictionary(SCRIPT)])))


def _of_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("cmd.exe")))


def _of_a_button(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String("x"), Next=Dictionary(S=Name.SubmitForm, F=String("http://x")))
    note = pdf.make_indirect(Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=action))
    pdf.pages[0].obj.Annots = Array([note])


@pytest.mark.parametrize(
    ("put", "said"),
    [(_opened, "脚本"), (_named, "脚本"), (_of_a_page, "启动程序"), (_of_a_button, "向外发送")],
)
def test_actions_are_named(put: Callable[[pikepdf.Pdf], None], said: str, tmp_path: Path) -> None:
    """Scripts and actions of the document, a page, or behind a harmless one."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "plain.pdf")
        put(pdf)
        pdf.save(tmp_path / "active.pdf")
    assert active_content(tmp_path / "plain.pdf") == ()
    (found,) = active_content(tmp_path / "active.pdf")
    assert said in found


def test_rubbish_does_nothing(tmp_path: Path) -> None:
    """A file that cannot be taken apart is no reason to fail."""
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 4)
    assert active_content(tmp_path / "坏.pdf") == ()
