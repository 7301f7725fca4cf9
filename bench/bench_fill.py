"""Filling DOCX: the compiled template against a docxtpl loop that loads, renders and saves the same template.

    python -m bench.bench_fill [--documents 100] [--out FILE.json] [template.docx …]

Both run in one process, alternating, on the same values, so that the ratio does not depend on the load of the machine.
The values are made from the names in the template: each of them prints Chinese text and holds three of its kind, so
any template can be measured without case data. Without templates given: every ``forms/*/*/template.docx``, or, where
there is none, two built here. Prints ms per document (median) of both, the ratio, and the sizes; ``--out`` writes them
as JSON too.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import TypeVar

from docx import Document
from docx.document import Document as DocumentObject
from docxtpl import DocxTemplate

from generator.template.rendering import CompiledTemplate

ROOT = Path(__file__).resolve().parent.parent

T = TypeVar("T")
_WORDS = "晋城市某某新材料有限公司年产五千吨高纯氧化铝项目（一期）"


class Anything:
    """A value that any template can use: it has any attribute and item, three entries, and a text."""

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
class FillMeasurement:
    """Medians in ms per document for one template; ``ratio``: how many times faster ours is."""

    template: str
    documents: int
    load_ms: float
    ours_ms: float
    docxtpl_ms: float
    ratio: float
    ours_bytes: int
    docxtpl_bytes: int


def by_docxtpl(template: bytes, context: Mapping[str, object]) -> bytes:
    """One document by docxtpl, as its documentation recommends."""
    document = DocxTemplate(BytesIO(template))
    document.render(dict(context), autoescape=True)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def _by_compiled_template(template: CompiledTemplate, context: Mapping[str, object]) -> bytes:
    return template.render(context).to_bytes()


def measure(name: str, template: bytes, count: int) -> FillMeasurement:
    """Measure both on one template, alternating."""
    load, compiled = _timed(lambda: CompiledTemplate.load(template))
    ours, theirs = [], []
    mine = other = b""
    for context in contexts(compiled, count):
        seconds, other = _timed(partial(by_docxtpl, template, context))
        theirs.append(seconds)
        seconds, mine = _timed(partial(_by_compiled_template, compiled, context))
        ours.append(seconds)
    fast, slow = 1000 * median(ours), 1000 * median(theirs)
    return FillMeasurement(name, count, 1000 * load, fast, slow, slow / fast, len(mine), len(other))


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


def _saved(document: DocumentObject) -> bytes:
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def main() -> None:
    """Measure, print a table, and write it as JSON if asked."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.bench_fill",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
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
