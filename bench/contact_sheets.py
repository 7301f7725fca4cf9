"""Every form with little, ordinary and too much content, as pictures: for faults of layout that no test sees.

    python -m bench.contact_sheets FOLDER [FORM]… [--dpi 90] [--pages 8]

Writes one PNG per form and amount of content, its pages side by side, and the PDF it shows; prints the number of pages.
Look for headings alone at the foot of a page, labels broken over pages, signature fields apart from their labels,
narrow cells, clipped text, rules and page numbers out of place.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.errors import Problem
from generator.bind import bind
from generator.document_generator import DocumentGenerator, GeneratorSettings
from generator.model import Order, Produced
from simulator.cases.form_contents import AMOUNTS, contents_of

_GAP = 6  # px between pages
_IN_A_ROW = 4


def main() -> int:
    """Command line; the exit code is 1 where a form could not be laid out."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.contact_sheets", description=__doc__.splitlines()[0]
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("form", nargs="*", help="ids; all without any")
    parser.add_argument("--dpi", type=int, default=90)
    parser.add_argument("--pages", type=int, default=8, help="of each document, at most")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    broken = 0
    for form in Catalogue.load().forms:
        if options.form and form.id not in options.form:
            continue
        for amount, result in _made(form, options.folder):
            if not isinstance(result, Path):
                broken += 1
                print(f"{form.id} {amount}: {'; '.join(map(str, result))}", file=sys.stderr)
                continue
            sheet, count = _sheet(result, options.dpi, options.pages)
            sheet.save(options.folder / f"{form.id}-{amount}.png")
            print(f"{form.id} {amount}: {count} pages")
    return 1 if broken else 0


def _made(form: FormDefinition, folder: Path) -> Iterator[tuple[str, Path | tuple[Problem, ...]]]:
    """The documents of a form, laid out together: per amount the PDF in the folder, or why there is none."""
    orders = [
        Order(f"{number:08d}", bind(contents_of(form, amount), form)) for number, amount in enumerate(AMOUNTS)
    ]
    with (
        tempfile.TemporaryDirectory(prefix="daiban-sheets-") as staging,
        DocumentGenerator(GeneratorSettings(b"k" * 32, {})) as generator,
    ):
        for result in generator.run(orders, Path(staging)):
            amount = AMOUNTS[int(result.order.issue)]
            if isinstance(result, Produced) and result.pdf is not None:
                kept = folder / f"{form.id}-{amount}.pdf"
                kept.write_bytes(result.pdf.read_bytes())
                yield amount, kept
            else:
                yield amount, result.problems


def _sheet(pdf: Path, dpi: int, most: int) -> tuple[Image.Image, int]:
    """The first pages side by side, and how many there are."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    pages = [
        document[number].render(scale=dpi / 72).to_pil().convert("RGB")
        for number in range(min(most, len(document)))
    ]
    wide = 2 if pages[0].width > pages[0].height else _IN_A_ROW
    columns = min(wide, len(pages))
    width, height = (max(side) + _GAP for side in zip(*(page.size for page in pages), strict=True))
    sheet = Image.new("RGB", (width * columns, height * math.ceil(len(pages) / columns)), "grey")
    for number, page in enumerate(pages):
        sheet.paste(page, (number % columns * width, number // columns * height))
    return sheet, len(document)


if __name__ == "__main__":
    sys.exit(main())
