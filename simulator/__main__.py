"""``python -m simulator WS OUT``: a mixed pile of simulated returns of what a workspace issued."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np

from extractors.model import IssuedDocument
from simulator.digital import WAY_TITLES, DigitalReturn, fitting_ways, simulate_digital
from simulator.pile import write_pile
from simulator.simulate import simulate
from simulator.spoiling import DEFECTS, fitting
from simulator.truth import Ground, SimulatedDocument, Tier
from simulator.workspace import grounds, issued_documents

_TIERS: tuple[Tier, ...] = get_args(Tier)
_TIER_NAMES = {"A": "彩色或灰度扫描", "B": "黑白、复印、缩放", "C": "手机拍照", "D": "聊天软件压缩图"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a pile and say in Chinese what is in it."""
    options = _options(arguments)
    documents = issued_documents(options.workspace)
    if not documents:
        raise SystemExit(
            f"{options.workspace} 里没有已出具的 PDF，先运行 daiban generate {options.workspace}"
        )
    rng = np.random.default_rng(options.seed)
    ground = grounds(documents, date.today())
    if options.count:
        kept = rng.choice(len(documents), size=min(options.count, len(documents)), replace=False)
        documents = [documents[int(index)] for index in sorted(kept)]
    digital = _digital(documents, ground, rng, options)
    apart = {item.truth.issue for item in digital}
    paper = [document for document in documents if document.number not in apart]
    made = [_one(document, ground[document.number], rng, options) for document in paper]
    placed = write_pile(made, options.out, rng, digital=digital)
    _tell(made, digital, len(placed), len({item.source for item in placed}), options.out)


def _digital(
    documents: list[IssuedDocument],
    ground: dict[str, Ground],
    rng: np.random.Generator,
    options: argparse.Namespace,
) -> list[DigitalReturn]:
    """One document in eight comes back without ever having been paper, unless a tier of paper was asked for."""
    if options.tier or options.spoil == "none":
        return []
    found = []
    for document in documents:
        ways = fitting_ways(document)
        if ways and rng.random() < 0.125:
            found.append(simulate_digital(document, rng, ground[document.number], str(rng.choice(ways))))
    return found


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="模拟回件：把已出具的文书填好、盖章、扫描，其中一部分有毛病",
    )
    parser.add_argument("workspace", type=Path, help="工作区文件夹")
    parser.add_argument("out", type=Path, help="放回件的文件夹")
    parser.add_argument("--seed", type=int, default=1, help="随机种子，同一种子得同一批回件")
    parser.add_argument("--tier", choices=_TIERS, help="只用一种清晰度（默认混合）")
    parser.add_argument("--spoil", choices=("none", "some", "all"), default="some", help="多少份有毛病")
    parser.add_argument("--count", type=int, default=0, help="只做这么多份")
    return parser.parse_args(arguments)


def _one(
    document: IssuedDocument, ground: Ground, rng: np.random.Generator, options: argparse.Namespace
) -> SimulatedDocument:
    tier = options.tier or str(rng.choice(_TIERS, p=[0.5, 0.25, 0.15, 0.1]))
    share = {"none": 0.0, "some": 0.35, "all": 1.0}[options.spoil]
    names = fitting(document, harmless=False)
    defects = [str(rng.choice(names))] if names and rng.random() < share else []
    extra = fitting(document, harmless=True)
    if extra and options.spoil != "none" and rng.random() < 0.15:
        defects.append(str(rng.choice(extra)))
    return simulate(document, rng, ground, defects=defects, tier=tier)


def _tell(
    made: list[SimulatedDocument], digital: list[DigitalReturn], pages: int, files: int, out: Path
) -> None:
    truths = [item.truth for item in (*made, *digital)]
    whole = sum(truth.complete for truth in truths)
    print(f"模拟回件：{len(truths)} 份文书，扫描 {pages} 页，{files + len(digital)} 个文件，在 {out}")
    print(
        f"  应当齐全 {whole} 份，应当不齐全或需人工核对 {len(truths) - whole} 份"
        f"（真实情况记在 {out / 'truth.json'}）"
    )
    tiers = Counter(document.pages[0].truth.tier for document in made if document.pages)
    kinds = [f"{_TIER_NAMES[tier]} {count} 份" for tier, count in sorted(tiers.items())]
    print("  " + "，".join([*kinds, *([f"电子件 {len(digital)} 份"] if digital else [])]))
    for truth in truths:
        if truth.defects:
            titles = "；".join(
                DEFECTS[name].title if name in DEFECTS else WAY_TITLES[name] for name in truth.defects
            )
            print(f"  {truth.case} {truth.form}：{titles}")


if __name__ == "__main__":
    main()
