"""Filling DOCX: this program against a docxtpl loop that loads, renders and saves the same template.

Both run in one process, document about, on the same contexts, so that the ratio does not depend on the
machine's mood. Contexts are made from the templates' own names: every name is a value that prints
Chinese text and holds three of itself, so any template can be measured without case data.

    python bench/bench_fill.py [--documents 100] [--out FILE.json] [template.docx …]

Without templates: every ``forms/*/*/template.docx``, or if there is none, two built here.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import TypeVar

from docx import Document
from docxtpl import DocxTemplate

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from generator.template.rendering import CompiledTemplate  # noqa: E402

T = TypeVar("T")
_WORDS = "晋城市某某新材料有限公司年产五千吨高纯氧化铝项目（一期）"


class Anything:
    """A value that any template can use: attributes and items of its own kind, three entries, a text."""

    def __init__(self, seed: int, depth: int = 0) -> None:
        self._seed = seed
        self._depth = depth

    def __getattr__(self, name: str) -> Anything:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(self._seed + len(name), self._depth)

    def __getitem__(self, key: object) -> Anything:
        return Anything(self._seed + hash(str(key)) % 7, self._depth)

    def __iter__(self) -> Iterator[Anything]:
        entries = range(3 if self._depth < 3 else 0)
        return (Anything(self._seed + number, self._depth + 1) for number in entries)

    def __len__(self) -> int:
        return 3

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return self._seed

    def __str__(self) -> str:
        return f"{_WORDS}{self._seed}"


def contexts(template: CompiledTemplate, count: int) -> list[Mapping[str, Anything]]:
    """One context per document, no two alike."""
    names = {name.partition(".")[0] for name in template.names}
    return [{name: Anything(1000 * number) for name in names} for number in range(count)]


@dataclass(frozen=True)
class Measured:
    """Per-document medians in ms for one template, and how many times faster we are."""

    template: str
    documents: int
    load_ms: float
    ours_ms: float
    docxtpl_ms: float
    ratio: float
    ours_bytes: int
    docxtpl_bytes: int


def by_docxtpl(template: bytes, context: Mapping[str, object]) -> bytes:
    """docxtpl as its documentation says, for one document."""
    document = DocxTemplate(BytesIO(template))
    document.render(dict(context), autoescape=True)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def measure(name: str, template: bytes, count: int) -> Measured:
    """Both, document about."""
    load, compiled = _timed(lambda: CompiledTemplate.load(template))
    ours, theirs = [], []
    mine = other = b""
    for context in contexts(compiled, count):
        seconds, other = _timed(lambda context=context: by_docxtpl(template, context))
        theirs.append(seconds)
        seconds, mine = _timed(lambda context=context: compiled.render(context).to_bytes())
        ours.append(seconds)
    fast, slow = 1000 * median(ours), 1000 * median(theirs)
    return Measured(name, count, 1000 * load, fast, slow, slow / fast, len(mine), len(other))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    gc.collect()
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def built_templates() -> dict[str, bytes]:
    """A one-page form and a long table, for a checkout without templates."""
    page = Document()
    page.add_heading("服务委托书", 1)
    for number in range(20):
        page.add_paragraph(
            f"项目单位（{number}）：{{{{ p.name{number} }}}}，项目代码：{{{{ p.code{number} }}}}。"
        )
    long = Document()
    table = long.add_table(rows=62, cols=4)
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            cell.text = f"{{{{ rows[{number}].value }}}}"
    table.rows[0].cells[0].text = "{%tr for row in ledger %}"
    table.rows[2].cells[0].text = "{%tr endfor %}"
    return {"built: one page": _saved(page), "built: long table": _saved(long)}


def _saved(document: Document) -> bytes:
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def main() -> None:
    """Measure, print a table, and write it as JSON if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("templates", nargs="*", type=Path)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    paths = options.templates or sorted(ROOT.glob("forms/*/*/template.docx"))
    named = {"/".join(path.parts[-2:]): path.read_bytes() for path in paths} or built_templates()
    results = []
    print(f"{'template':44} {'load':>8} {'ours':>8} {'docxtpl':>9}   ratio   bytes (ms per document, median)")
    for name, template in named.items():
        measured = measure(name, template, options.documents)
        results.append(asdict(measured))
        times = f"{measured.load_ms:8.2f} {measured.ours_ms:8.3f} {measured.docxtpl_ms:9.2f}"
        print(f"{name:44} {times} {measured.ratio:6.1f}x   {measured.ours_bytes}/{measured.docxtpl_bytes}")
    if options.out:
        options.out.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
