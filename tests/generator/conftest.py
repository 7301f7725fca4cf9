"""Shared by the generator's tests: small fonts made on the spot, and issued PDFs of the built-in forms."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

from forms.definition import FormDefinition
from generator.bind import bind
from generator.document_generator import DocumentGenerator, GeneratorSettings
from generator.layout import fonts
from generator.layout.fonts import FontFile
from generator.layout.libreoffice import Profile, find_libreoffice, office_folder
from generator.model import Order, Produced
from simulator.cases import form_contents


@pytest.fixture
def font_file(tmp_path: Path) -> Callable[..., FontFile]:
    """Makes a font file that can draw just these characters; those in ``empty`` it maps to glyphs without outline."""
    square = TTGlyphPen(None)
    square.moveTo((0, 0))
    for corner in ((0, 500), (500, 500), (500, 0)):
        square.lineTo(corner)
    square.closePath()
    drawn = square.glyph()

    def make(family: str, characters: str, empty: str = "") -> FontFile:
        names = [".notdef", *(f"g{ord(character):X}" for character in characters)]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap(dict(zip(map(ord, characters), names[1:], strict=True)))
        without = {f"g{ord(character):X}" for character in empty}
        builder.setupGlyf({name: Glyph() if name in without else drawn for name in names})
        builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
        builder.setupHorizontalHeader(ascent=880, descent=-120)
        builder.setupNameTable({"familyName": family, "styleName": "Regular"})
        builder.setupOS2()
        builder.setupPost()
        path = tmp_path / f"{family}.ttf"
        builder.save(path)
        return FontFile(family, path, 0)

    return make


@pytest.fixture
def install(
    font_file: Callable[[str, str], FontFile], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[Mapping[str, str]], None]]:
    """Lets the machine have exactly these families, each drawing just its characters; the cache is empty."""

    def put(families: Mapping[str, str]) -> None:
        files = {family: font_file(family, characters) for family, characters in families.items()}
        monkeypatch.setattr(fonts, "installed_fonts", lambda: files)

    fonts._coverage.cache_clear()
    monkeypatch.setattr(fonts, "user_cache_path", lambda _name: tmp_path / "cache")
    yield put
    fonts._coverage.cache_clear()


@pytest.fixture(scope="session")
def press_all(
    form: Callable[[str], FormDefinition], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., list[Produced]]:
    """Issues documents of one form, all in one composite, each from a case of its own."""

    def run(name: str, *trees: dict[str, Any]) -> list[Produced]:
        orders = [Order(f"{number:08d}", bind(tree, form(name))) for number, tree in enumerate(trees)]
        with DocumentGenerator(GeneratorSettings(b"k" * 32, {})) as generator:
            results = list(generator.run(orders, tmp_path_factory.mktemp(name)))
        assert all(isinstance(result, Produced) for result in results), results
        return [result for result in results if isinstance(result, Produced)]

    return run


@pytest.fixture(scope="session")
def issued(press_all: Callable[..., list[Produced]]) -> Callable[[str], Produced]:
    """An issued document of a form in which everything is open that need not be there at issue."""
    return lru_cache(lambda name: press_all(name, form_contents.least(name))[0])


@pytest.fixture(scope="session")
def lay_out() -> Iterator[Callable[[Path], Path]]:
    """Lays out a DOCX with LibreOffice, in a profile of its own."""
    libreoffice = find_libreoffice()
    with office_folder() as folder:
        profile = Profile(libreoffice, folder)
        yield lambda docx: libreoffice.convert(docx, profile.path, 120)


@pytest.fixture(scope="session")
def least() -> Callable[[str], dict[str, Any]]:
    """A case with only what a form needs to be issued."""
    return form_contents.least


@pytest.fixture(scope="session")
def overfull() -> Callable[[FormDefinition], dict[str, Any]]:
    """A case that says far more than a form was drawn for."""
    return form_contents.overfull
