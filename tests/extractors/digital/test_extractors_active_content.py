"""What a PDF would do when it is opened is named, wherever it stands in the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from extractors.digital.active_content import ActiveContent, active_content

SCRIPT = {"/S": Name.JavaScript, "/JS": String("app.alert(1)")}


def _opened(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(SCRIPT)


def _named(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), Dictionary(SCRIPT)])))


def _of_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("cmd.exe")))


def _behind_many(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    for _ in range(40):
        action = Dictionary(S=Name.GoTo, Next=action)
    pdf.Root.OpenAction = action


def _played(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.RichMedia, Rect=Array([0, 0, 1, 1]))])


def _dynamic(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))


def _of_a_button(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String("x"), Next=Dictionary(S=Name.SubmitForm, F=String("http://x")))
    note = pdf.make_indirect(Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=action))
    pdf.pages[0].obj.Annots = Array([note])


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (_opened, "脚本"),
        (_named, "脚本"),
        (_of_a_page, "启动程序"),
        (_of_a_button, "向外发送"),
        (_behind_many, "启动程序"),
        (_played, "多媒体"),
        (_dynamic, "XFA"),
    ],
)
def test_actions_are_named(put: Callable[[pikepdf.Pdf], None], said: str, tmp_path: Path) -> None:
    """Scripts and actions of the document, a page, or behind harmless ones; what is played; forms that run."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "plain.pdf")
        put(pdf)
        pdf.save(tmp_path / "active.pdf")
    assert active_content(tmp_path / "plain.pdf") == ActiveContent()
    (found,) = active_content(tmp_path / "active.pdf").kinds
    assert said in found


def _pinned(pdf: pikepdf.Pdf, spec: Dictionary) -> None:
    note = Dictionary(Subtype=Name.FileAttachment, Rect=Array([0, 0, 1, 1]), FS=spec)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def _associated(pdf: pikepdf.Pdf, spec: Dictionary) -> None:
    pdf.pages[0].obj.AF = Array([spec])


def _listed(pdf: pikepdf.Pdf, spec: Dictionary) -> None:
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), spec])))


@pytest.mark.parametrize("put", [_pinned, _associated, _listed])
def test_files_inside_are_named(put: Callable[[pikepdf.Pdf, Dictionary], None], tmp_path: Path) -> None:
    """A file comes along wherever it hangs: behind a pin on a page, on the page, on the document."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        put(pdf, Dictionary(F=String("a.exe"), EF=Dictionary(F=pdf.make_stream(b"MZ"))))
        pdf.save(tmp_path / "active.pdf")
    assert active_content(tmp_path / "active.pdf").files == ("a.exe",)


def test_rubbish_does_nothing(tmp_path: Path) -> None:
    """A file that cannot be taken apart is no reason to fail."""
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 4)
    assert active_content(tmp_path / "坏.pdf") == ActiveContent()
