"""Reasons in Chinese: of the evidence that weighed most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: What speaks for a mark, as far as people can see it too; ``{}`` is the measure.
_FOR: Mapping[str, str] = {
    "length": "有约{:.0f}毫米的笔迹",
    "longest": "有一笔约{:.0f}毫米",
    "inner": "中间有约{:.0f}毫米的笔迹",
    "winding": "笔画弯曲",
    "strokes": "有{:.0f}笔",
    "wide": "痕迹宽约{:.0f}毫米",
    "narrow": "痕迹高约{:.0f}毫米",
    "height": "痕迹高约{:.0f}毫米",
    "tall": "痕迹高约{:.0f}毫米",
    "overhang": "有笔迹伸进来",
    "beside": "旁边有笔迹",
    "faint": "有极淡的痕迹",
    "line": "有一道线",
    "bits": "有一些细点",
    "any": "有少量墨迹",
    "pieces": "有一些细点",
    "specks": "有一片细点",
    "crowd": "有一片细点",
    "blot": "有一团墨迹，约{:.0f}毫米",
    "shade": "暗处有更深的痕迹",
    "reddish": "有带红色的笔迹",
    "red": "有红色的痕迹",
    "clear": "印章外有笔迹",
    "out": "印章边有笔画伸出",
    "inside": "框内有约{:.1f}毫米的笔迹",
    "share": "框内有墨迹",
    "mark": "有一个约{:.1f}毫米的记号",
    "disputed": "记号也压着相邻的方框",
    "edge": "记号贴着框线",
    "passing": "有一道线穿过",
    "around": "方框四周有记号",
    "hull": "方框四周有记号",
    "trace": "有像印章轮廓的痕迹",
    "score": "有像印章轮廓的痕迹",
    "content": "有像印文的痕迹",
    "star": "中间像五角星",
    "ink": "有大片印迹",
    "sides": "有像方章边的直线",
}
#: What speaks against it.
_AGAINST: Mapping[str, str] = {
    "length": "笔迹太少",
    "longest": "没有一笔够长",
    "inner": "笔迹都在边上",
    "winding": "只像一条线",
    "bend": "只像一条线",
    "strokes": "笔画太少",
    "wide": "痕迹太窄",
    "narrow": "痕迹太扁",
    "width": "大小不像",
    "height": "大小不像",
    "overhang": "笔迹大部分在格外",
    "beside": "笔迹大部分在旁边",
    "faint": "痕迹极淡",
    "line": "像折痕或划线",
    "bits": "多是细点",
    "specks": "多是细点",
    "crowd": "多是细点",
    "blot": "像一团污迹",
    "darkness": "墨色太浅",
    "thickness": "粗细不像笔画",
    "free": "贴着印好的字或线",
    "red": "颜色不像",
    "covered": "压着印章，看不清",
    "clear": "压着印章，看不清",
    "inside": "落在框内的太少",
    "mark": "落笔不在框内",
    "below": "落笔离方框较远",
    "disputed": "也压着相邻的方框",
    "edge": "贴着框线",
    "passing": "像一道穿过的线",
    "around": "记号在方框外",
    "hull": "记号在方框外",
    "trace": "轮廓不完整",
    "score": "轮廓不完整",
    "content": "轮廓里没有印文",
    "sides": "四边不直",
    "off": "大部分在格外",
    "cut": "像骑缝章的一部分",
    "ink": "印迹太少",
    "dpi": "图像太粗",
    "residual": "纸面不平",
    "bitonal": "黑白扫描分不清深浅",
    "noise": "底色太脏",
}
_THINGS: Mapping[str, str] = {
    "fingerprint": "指纹",
    "stain": "污渍",
    "blot": "墨渍",
    "smudge": "污迹",
    "crease": "折痕",
    "staple": "订书钉或回形针",
    "shadow": "阴影",
    "slip": "误划的一笔",
    "scribble": "乱划",
    "stamp": "其他戳记",
    "sticker": "贴上去的纸条",
    "bleed-through": "背面透过来的痕迹",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """One number of the evidence: its name, its value, and how much it moved the decision (below 0: towards blank)."""

    name: str
    value: float
    weight: float


def seems(thing: str) -> str:
    """What a learned look takes the trace for."""
    return f"看起来像{_THINGS[thing]}" if thing in _THINGS else "看起来不像"


def for_it(weighed: Iterable[Weighed]) -> str:
    """What speaks most for a mark; empty where nothing does that people can see."""
    best = max(
        (item for item in weighed if item.weight > 0 and item.value > 0 and item.name in _FOR),
        key=lambda item: item.weight,
        default=None,
    )
    return _FOR[best.name].format(best.value) if best else ""


def against_it(weighed: Iterable[Weighed]) -> str:
    """What speaks most against it."""
    best = min(
        (item for item in weighed if item.weight < 0 and item.name in _AGAINST),
        key=lambda item: item.weight,
        default=None,
    )
    return _AGAINST[best.name] if best else ""
