"""``python -m simulator WS OUT``: a mixed batch of simulated returns of the documents that a workspace issued."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np

from extractors.model import IssuedDocument
from simulator.defects.catalogue import DEFECTS, fitting_defects
from simulator.digital.returns import WAY_TITLES, DigitalReturn, fitting_ways, simulate_digital
from simulator.files import FilePage, write_return_files
from simulator.simulate import simulate
from simulator.truth import CaseContext, DocumentTruth, SimulatedDocument, Tier
from simulator.workspaces.issued import case_contexts, issued_documents

_TIERS: tuple[Tier, ...] = get_args(Tier)
_TIER_NAMES = {"A": "彩色或灰度扫描", "B": "黑白、复印、缩放", "C": "手机拍照", "D": "聊天软件压缩图"}
_DEFECTIVE_SHARE = {"none": 0.0, "some": 0.35, "all": 1.0}


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the returns and print a summary in Chinese."""
    options = _options(arguments)
    documents = issued_documents(options.workspace)
    if not documents:
        raise SystemExit(
            f"{options.workspace} 里没有已出具的 PDF，先运行 daiban generate {options.workspace}"
        )
    rng = np.random.default_rng(options.seed)
    contexts = case_contexts(documents, date.today())
    if options.count:
        kept = rng.choice(len(documents), size=min(options.count, len(documents)), replace=False)
        documents = [documents[int(index)] for index in sorted(kept)]
    digital = _digital(documents, contexts, rng, options)
    returned = {item.truth.issue for item in digital}
    paper = [document for document in documents if document.number not in returned]
    made = [_on_paper(document, contexts[document.number], rng, options) for document in paper]
    pages = write_return_files(made, options.out, rng, digital=digital)
    _print_summary(made, digital, pages, options.out)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="模拟回件：把已出具的文书填好、盖章、扫描，其中一部分有毛病",
    )
    parser.add_argument("workspace", type=Path, help="工作区文件夹")
    parser.add_argument("out", type=Path, help="放回件的文件夹")
    parser.add_argument("--seed", type=int, default=1, help="随机种子，同一种子得同一批回件")
    parser.add_argument("--tier", choices=_TIERS, help="只用一种清晰度（默认混合）")
    parser.add_argument("--spoil", choices=tuple(_DEFECTIVE_SHARE), default="some", help="多少份有毛病")
    parser.add_argument("--count", type=int, default=0, help="只做这么多份")
    return parser.parse_args(arguments)


def _digital(
    documents: Sequence[IssuedDocument],
    contexts: Mapping[str, CaseContext],
    rng: np.random.Generator,
    options: argparse.Namespace,
) -> list[DigitalReturn]:
    """One document in eight is born digital, unless a tier of paper or no defects were asked for."""
    if options.tier or options.spoil == "none":
        return []
    found = []
    for document in documents:
        ways = fitting_ways(document)
        if ways and rng.random() < 0.125:
            found.append(simulate_digital(document, rng, contexts[document.number], str(rng.choice(ways))))
    return found


def _on_paper(
    document: IssuedDocument, context: CaseContext, rng: np.random.Generator, options: argparse.Namespace
) -> SimulatedDocument:
    tier: Tier = options.tier or _TIERS[int(rng.choice(len(_TIERS), p=[0.5, 0.25, 0.15, 0.1]))]
    harmful = fitting_defects(document, harmless=False)
    share = _DEFECTIVE_SHARE[options.spoil]
    defects = [str(rng.choice(harmful))] if harmful and rng.random() < share else []
    harmless = fitting_defects(document, harmless=True)
    if harmless and options.spoil != "none" and rng.random() < 0.15:
        defects.append(str(rng.choice(harmless)))
    return simulate(document, rng, context, defects=defects, tier=tier)


def _print_summary(
    made: Sequence[SimulatedDocument],
    digital: Sequence[DigitalReturn],
    pages: Sequence[FilePage],
    out: Path,
) -> None:
    truths = [item.truth for item in made] + [item.truth for item in digital]
    complete = sum(truth.complete for truth in truths)
    files = len({page.source for page in pages}) + len(digital)
    print(f"模拟回件：{len(truths)} 份文书，扫描 {len(pages)} 页，{files} 个文件，在 {out}")
    print(
        f"  应当齐全 {complete} 份，应当不齐全或需人工核对 {len(truths) - complete} 份"
        f"（真实情况记在 {out / 'truth.json'}）"
    )
    tiers = Counter(document.pages[0].truth.tier for document in made if document.pages)
    kinds = [f"{_TIER_NAMES[tier]} {count} 份" for tier, count in sorted(tiers.items())]
    print("  " + "，".join([*kinds, *([f"电子件 {len(digital)} 份"] if digital else [])]))
    for truth in truths:
        if truth.defects:
            print(f"  {truth.case} {truth.form}：{_titles(truth)}")


def _titles(truth: DocumentTruth) -> str:
    return "；".join(DEFECTS[name].title if name in DEFECTS else WAY_TITLES[name] for name in truth.defects)


if __name__ == "__main__":
    main()
