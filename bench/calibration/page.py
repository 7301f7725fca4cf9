"""The calibration page: per measure a histogram as SVG, and the readings in order beside their pictures."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.calibration.measures import CalibratedMeasure, LabelledReading, SuggestedThresholds

_SHOWN = 160  # readings shown per measure: every mistake and doubt, then those nearest to the thresholds
_BINS = 40
_STATES = {"filled": "已填", "blank": "空白", "unsure": "存疑"}

_STYLE = """
body{font:15px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2em auto;max-width:1180px;color:#222}
h1{font-size:1.5em}h2{margin-top:2.2em;border-bottom:1px solid #ccc}p.note{color:#555}
.cards{display:flex;flex-wrap:wrap;gap:10px;align-items:flex-start}
.card{border:2px solid #ccc;border-radius:6px;padding:6px;width:210px;font-size:13px;background:#fff}
.card img{max-width:100%;max-height:150px;display:block;margin:0 auto 4px}
.card.filled{border-color:#2a7d46}.card.blank{border-color:#8a8f98}
.card.wrong{background:#fde8e8}.card.unsure{background:#fff6dc}
.card b{font-size:15px}.card small{color:#666;display:block}
.line{width:100%;border-top:3px dashed #c0392b;color:#c0392b;font-weight:bold;margin:6px 0}
"""


def write_page(
    out: Path,
    measures: Sequence[CalibratedMeasure],
    readings: Mapping[str, Sequence[LabelledReading]],
    suggested: Mapping[str, SuggestedThresholds],
) -> Path:
    """Write ``index.html`` and the pictures into a folder; returns the page's path."""
    (out / "crops").mkdir(parents=True, exist_ok=True)
    parts = [_part(out, measure, readings[measure.key], suggested[measure.key]) for measure in measures]
    page = out / "index.html"
    page.write_text(
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>阈值校准</title>"
        f"<style>{_STYLE}</style><h1>阈值校准：读数与真值</h1>"
        "<p class='note'>绿色是确实填了的，灰色是确实空白的；红底是判反了，黄底是存疑。红色虚线是现用的阈值，"
        "两条线之间一律存疑。阈值在 extractors/thresholds.toml。</p>" + "".join(parts) + "</html>",
        encoding="utf-8",
    )
    return page


def _part(
    out: Path, measure: CalibratedMeasure, readings: Sequence[LabelledReading], suggested: SuggestedThresholds
) -> str:
    wrong, unsure = sum(item.wrong for item in readings), sum(item.state == "unsure" for item in readings)
    suggestion = (
        "样本不足，没有建议"
        if suggested.blank is None
        else f"建议 空白 ≤ {suggested.blank:g}，已填 ≥ {suggested.filled:g} {measure.unit}"
        + ("（两边有重叠，单凭这一个量分不开）" if suggested.overlap else "")
    )
    return (
        f"<h2>{html.escape(measure.title)}</h2>"
        f"<p>共 {len(readings)} 处：判反 {wrong}，存疑 {unsure}。"
        f"现用 空白 ≤ {measure.blank:g}，已填 ≥ {measure.filled:g} {measure.unit}；{suggestion}。</p>"
        + _histogram(measure, readings)
        + _gallery(out, measure, readings)
    )


# -- the histogram -----------------------------------------------------------------------------------


def _histogram(measure: CalibratedMeasure, readings: Sequence[LabelledReading]) -> str:
    """Counts of blank and filled fields by value; the axis is stretched near zero, where the thresholds are."""
    if not readings:
        return ""
    top = max(max(item.value for item in readings), measure.filled * 2)
    place = {True: np.zeros(_BINS, np.int64), False: np.zeros(_BINS, np.int64)}
    for item in readings:
        place[item.filled][min(_BINS - 1, int(_across(item.value, top) * _BINS))] += 1
    high = max(1, int(max(place[True].max(), place[False].max())))
    width, height = 1100, 170
    bars = [
        _bar(index, int(counts[index]), high, width / _BINS, height, filled)
        for filled, counts in place.items()
        for index in range(_BINS)
        if counts[index]
    ]
    lines = [_mark(_across(value, top) * width, height, value) for value in (measure.blank, measure.filled)]
    return (
        f"<svg viewBox='0 0 {width} {height + 24}' width='100%' role='img' aria-label='分布'>"
        f"<line x1='0' y1='{height}' x2='{width}' y2='{height}' stroke='#999'/>"
        + "".join(bars + lines)
        + f"<text x='{width}' y='{height + 18}' text-anchor='end' font-size='13'>{top:.1f} {measure.unit}</text>"
        f"<text x='0' y='{height + 18}' font-size='13'>0</text></svg>"
    )


def _across(value: float, top: float) -> float:
    return float(np.sqrt(max(value, 0.0) / top)) if top > 0 else 0.0


def _bar(index: int, count: int, high: int, step: float, height: int, filled: bool) -> str:
    tall = max(3.0, (height - 10) * float(np.log1p(count) / np.log1p(high)))
    left = index * step + (step / 2 if filled else 0) + 1
    colour, name = ("#2a7d46", "已填") if filled else ("#8a8f98", "空白")
    return (
        f"<rect x='{left:.1f}' y='{height - tall:.1f}' width='{step / 2 - 2:.1f}' height='{tall:.1f}' "
        f"fill='{colour}'><title>{name} {count} 处</title></rect>"
    )


def _mark(x: float, height: int, value: float) -> str:
    return (
        f"<line x1='{x:.1f}' y1='0' x2='{x:.1f}' y2='{height}' stroke='#c0392b' stroke-dasharray='5 4' "
        f"stroke-width='2'/><text x='{x:.1f}' y='{height + 18}' text-anchor='middle' font-size='13' "
        f"fill='#c0392b'>{value:g}</text>"
    )


# -- the gallery -------------------------------------------------------------------------------------


def _gallery(out: Path, measure: CalibratedMeasure, readings: Sequence[LabelledReading]) -> str:
    cards: list[str] = []
    lines = [measure.blank, measure.filled]
    for number, item in enumerate(sorted(_chosen(measure, readings), key=lambda item: item.value)):
        while lines and item.value >= lines[0]:
            cards.append(f"<div class='line'>阈值 {lines.pop(0):g} {measure.unit}</div>")
        cards.append(_card(out, measure, item, number))
    return "<div class='cards'>" + "".join(cards) + "</div>"


def _chosen(measure: CalibratedMeasure, readings: Sequence[LabelledReading]) -> list[LabelledReading]:
    middle = (measure.blank * measure.filled) ** 0.5

    def far(item: LabelledReading) -> tuple[bool, float]:
        ordinary = not item.wrong and item.state != "unsure"
        return ordinary, abs(float(np.log((item.value + 0.05) / (middle + 0.05))))

    return sorted(readings, key=far)[:_SHOWN]


def _card(out: Path, measure: CalibratedMeasure, item: LabelledReading, number: int) -> str:
    picture = ""
    if item.crop:
        name = f"crops/{measure.key}-{number:03d}.png"
        (out / name).write_bytes(item.crop)
        picture = f"<img src='{name}' alt='' loading='lazy'>"
    kind = " ".join(
        [
            "card",
            "filled" if item.filled else "blank",
            *(["wrong"] if item.wrong else []),
            *(["unsure"] if item.state == "unsure" else []),
        ]
    )
    state = _STATES.get(item.state, item.state)
    return (
        f"<div class='{kind}'>{picture}<b>{item.value:g} {measure.unit}</b> 判为{state}"
        f"<small>真值：{html.escape(item.how)}</small><small>{html.escape(item.reason)}</small>"
        f"<small>{html.escape(item.field)} · {item.tier} {html.escape(item.look)}</small></div>"
    )
