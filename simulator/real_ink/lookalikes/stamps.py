"""Stamps of an office's routine (收文章, 日期章, 编号章, 作废 …): none of them signs or seals a document.

A family is a layout with the words that offices put into it; size, ink, frame, slant and wear change each time.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw

from simulator.ink.printing import Typeface, typed_mask
from simulator.paper.sheets import PX, Alpha, Colour, PaperSheet
from simulator.real_ink.wear import Wear, worn

Laying = Callable[[PaperSheet, tuple[float, float], float, np.random.Generator], None]
_WEARS: tuple[Wear, ...] = ("half-inked", "doubled", "faint", "dry", "smeared")
_INKS: tuple[Colour, ...] = (
    (195, 25, 40),
    (210, 40, 60),
    (225, 70, 60),
    (40, 60, 160),
    (60, 90, 190),
    (90, 40, 130),
    (30, 30, 34),
    (70, 68, 72),
    (30, 110, 80),
)


def _lines(texts: list[str], height_mm: float, gap_mm: float, typeface: Typeface) -> Alpha:
    """Lines of type one below the other, each in the middle."""
    masks = [typed_mask(text, height_mm, typeface) for text in texts]
    gap, wide = round(gap_mm * PX), max(mask.shape[1] for mask in masks)
    out = np.zeros((sum(mask.shape[0] + gap for mask in masks) - gap, wide), np.float32)
    top = 0
    for mask in masks:
        left = (wide - mask.shape[1]) // 2
        out[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
        top += mask.shape[0] + gap
    return out


def _framed(mask: Alpha, frame: str, rng: np.random.Generator) -> Alpha:
    """Words in a frame: ``none``, ``single``, ``double`` or ``rounded``."""
    pad, thick = round(rng.uniform(0.8, 2.2) * PX), max(3, round(rng.uniform(0.25, 0.9) * PX))
    out = np.pad(mask, pad + 3 * thick)
    rows, columns = out.shape
    picture = Pictures.new("L", (columns, rows))
    draw = ImageDraw.Draw(picture)
    radius = min(rows, columns) // 4 if frame == "rounded" else 0
    if frame != "none":
        draw.rounded_rectangle((0, 0, columns - 1, rows - 1), radius, outline=255, width=thick)
    if frame == "double":
        inset = 2 * thick
        box = (inset, inset, columns - 1 - inset, rows - 1 - inset)
        draw.rectangle(box, outline=255, width=max(2, thick // 2))
    return np.asarray(np.maximum(out, np.asarray(picture, np.float32) / 255), np.float32)


def _typeface(rng: np.random.Generator) -> Typeface:
    faces: tuple[Typeface, ...] = ("song", "hei", "fang")
    return faces[int(rng.integers(3))]


def _frame(rng: np.random.Generator) -> str:
    return str(rng.choice(["none", "single", "double", "rounded"], p=[0.25, 0.45, 0.15, 0.15]))


def day(rng: np.random.Generator) -> str:
    """A day as stamps write it."""
    year, month, of = int(rng.integers(2023, 2028)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    forms = (
        f"{year}.{month}.{of}",
        f"{year}-{month:02d}-{of:02d}",
        f"{year}年{month}月{of}日",
        f"{year % 100:02d} {month:02d} {of:02d}",
    )
    return str(rng.choice(forms))


def _worded(words: tuple[str, ...], *, dated: float = 0.5, high: tuple[float, float] = (2.4, 5.5)) -> Laying:
    """One of these words, often with the day below it, mostly in a frame."""

    def lay(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        texts = [str(rng.choice(words))]
        if size > 9 and rng.random() < dated:
            texts.insert(int(rng.integers(2)), day(rng))
        height = min(rng.uniform(*high), size * 0.4)
        mask = _lines(texts, height, rng.uniform(0.4, 1.5), _typeface(rng))
        _stamped(sheet, _framed(mask, _frame(rng), rng), at, rng)

    return lay


def _large(words: tuple[str, ...]) -> Laying:
    """Large letters, often aslant: what nobody may overlook."""

    def lay(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        mask = typed_mask(
            str(rng.choice(words)), min(rng.uniform(6, 13), max(size * 0.5, 3.0)), _typeface(rng)
        )
        _stamped(sheet, _framed(mask, _frame(rng), rng), at, rng, slant=float(rng.choice([0, 15, 30])))

    return lay


def _upright(words: tuple[str, ...]) -> Laying:
    """Letters one below the other."""

    def lay(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        height = min(rng.uniform(2.6, 5.0), size * 0.35)
        mask = _lines(list(str(rng.choice(words))), height, rng.uniform(0.2, 0.8), _typeface(rng))
        _stamped(sheet, _framed(mask, _frame(rng), rng), at, rng)

    return lay


def _numbered(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A numbering machine: five to eight figures, no frame."""
    figures = "".join(str(figure) for figure in rng.integers(0, 10, int(rng.integers(5, 9))))
    head = str(rng.choice(["", "№", "No.", "编号"]))
    mask = typed_mask(head + figures, min(rng.uniform(2.6, 5.0), size * 0.5))
    _stamped(sheet, mask, at, rng)


def _day_alone(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A dater's line: the day and nothing else."""
    _stamped(sheet, typed_mask(day(rng), min(rng.uniform(2.6, 5.5), size * 0.45), _typeface(rng)), at, rng)


def _table(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A registry's stamp (收文登记, 归档章): a small table of two or three rows."""
    pools = (
        ("收文", "编号", "日期"),
        ("全宗号", "年度", "件号"),
        ("承办", "批示", "存档"),
        ("来文", "份数", "页数"),
    )
    heads = pools[int(rng.integers(len(pools)))][: int(rng.integers(2, 4))]
    row, wide = min(rng.uniform(5.0, 8.0), size * 0.35), min(rng.uniform(22, 40), max(size * 1.6, 14))
    thick, rows, columns = max(3, round(rng.uniform(0.2, 0.6) * PX)), round(row * PX), round(wide * PX)
    canvas = np.zeros((rows * len(heads) + thick * 2, columns + thick * 2), np.float32)
    for number, head in enumerate(heads):
        top = number * rows + thick
        words = [typed_mask(head, row * 0.42)]
        if rng.random() < 0.5:
            words.append(typed_mask(day(rng) if number == len(heads) - 1 else "第 12 号", row * 0.42))
        left = round(1.0 * PX)
        for word in words:
            end = min(left + word.shape[1], columns)
            canvas[top + rows // 3 : top + rows // 3 + word.shape[0], left:end] = word[:, : end - left]
            left = round(columns * 0.42)
            if left + 4 > columns:
                break
    for y in range(len(heads) + 1):
        canvas[y * rows : y * rows + thick] = 1
    for x in (0, round(columns * 0.38), columns):
        canvas[:, x : x + thick] = 1
    _stamped(sheet, canvas, at, rng)


def _ringed(words: tuple[str, ...], *, bands: bool) -> Laying:
    """A ring with words one below the other: a dater (日期章) crossed by a band, an inspector's mark (检验章)."""

    def lay(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        width = min(rng.uniform(14, 34), max(size, 10.0))
        flat = rng.uniform(0.6, 1.0) if rng.random() < 0.3 else 1.0
        side, thick = round(width * PX), max(3, round(rng.uniform(0.3, 0.9) * PX))
        canvas = np.zeros((side, side), np.uint8)
        middle, axes = (side // 2, side // 2), (side // 2 - thick, round(flat * side / 2) - thick)
        cv2.ellipse(canvas, middle, axes, 0, 0, 360, 255, thick, cv2.LINE_AA)
        if rng.random() < 0.3:
            inner = max(axes[0] - 3 * thick, 4), max(axes[1] - 3 * thick, 4)
            cv2.ellipse(canvas, middle, inner, 0, 0, 360, 255, max(2, thick // 2), cv2.LINE_AA)
        mask = np.asarray(canvas / 255, np.float32)
        texts = (str(rng.choice(words)), day(rng), str(rng.choice(words)))
        places = zip(texts, (-0.26, 0.0, 0.26), strict=True) if bands else [(texts[0], 0.0)]
        for text, down in places:
            room = side * (0.72 if down == 0 else 0.5)
            word = typed_mask(text, width * (0.13 if bands else 0.2))
            if word.shape[1] > room:
                factor = room / word.shape[1]
                small = cv2.resize(word, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
                word = np.asarray(small, np.float32)
            top, left = round(side * (0.5 + down * flat)) - word.shape[0] // 2, (side - word.shape[1]) // 2
            mask[top : top + word.shape[0], left : left + word.shape[1]] = word
        if bands:
            half = round(side * 0.13 * flat)
            reach = round(axes[0] * float(np.sqrt(max(0.0, 1 - (half / axes[1]) ** 2))))
            for y in (side // 2 - half, side // 2 + half):
                mask[y : y + thick, side // 2 - reach : side // 2 + reach] = 1
        _stamped(sheet, mask, at, rng)

    return lay


def _triangle(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """An inspector's triangle or diamond with one word in it."""
    side = round(min(rng.uniform(12, 26), max(size, 9.0)) * PX)
    thick = max(3, round(rng.uniform(0.3, 0.8) * PX))
    diamond = rng.random() < 0.4
    points = (
        [(0.5, 0.04), (0.96, 0.5), (0.5, 0.96), (0.04, 0.5)]
        if diamond
        else [(0.5, 0.05), (0.97, 0.88), (0.03, 0.88)]
    )
    canvas = np.zeros((side, side), np.uint8)
    cv2.polylines(canvas, [np.round(np.array(points) * side).astype(np.int32)], True, 255, thick, cv2.LINE_AA)
    mask = np.asarray(canvas / 255, np.float32)
    word = typed_mask(str(rng.choice(["合格", "检", "核", "阅", "验讫"])), side / PX * 0.2)
    top, left = round(side * (0.5 if diamond else 0.62)) - word.shape[0] // 2, (side - word.shape[1]) // 2
    mask[top : top + word.shape[0], left : left + word.shape[1]] = word
    _stamped(sheet, mask, at, rng)


def _ruled(words: tuple[str, ...]) -> Laying:
    """Words with a rule behind each, to be filled in by hand, and left empty: 签收人＿＿＿."""

    def lay(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        height = min(rng.uniform(2.6, 4.5), size * 0.3)
        masks = []
        for word in rng.permutation(np.array(words))[: int(rng.integers(1, 3))]:
            mask = np.pad(typed_mask(str(word), height), ((0, 4), (0, round(height * 3 * PX))))
            mask[-4:, -round(height * 3 * PX) :] = 1
            masks.append(mask)
        wide = max(mask.shape[1] for mask in masks)
        gap = round(height * 0.5 * PX)
        whole = np.vstack([np.pad(mask, ((0, gap), (0, wide - mask.shape[1]))) for mask in masks])
        _stamped(sheet, _framed(whole, _frame(rng), rng), at, rng)

    return lay


def _stamped(
    sheet: PaperSheet, mask: Alpha, at: tuple[float, float], rng: np.random.Generator, *, slant: float = 0.0
) -> None:
    """Press a stamp: turned a little, unevenly inked, sometimes pressed twice or half."""
    rows, columns = mask.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), slant + rng.normal(0, 5), 1)
    side = int(np.hypot(rows, columns)) + 2
    matrix[:, 2] += ((side - columns) / 2, (side - rows) / 2)
    cloud = cv2.resize(
        rng.uniform(0.4, 1.2, (6, 6)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC
    )
    turned = cv2.warpAffine(cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.6, 1.6)), matrix, (side, side))
    alpha: Alpha = np.asarray(turned * np.clip(cloud, 0, 1), np.float32)
    if rng.random() < 0.35:
        alpha = worn(alpha, _WEARS[int(rng.integers(len(_WEARS)))], rng)
    colour = _INKS[int(rng.integers(len(_INKS)))]
    inked = np.asarray(np.clip(alpha, 0, 1) * rng.uniform(0.45, 0.98), np.float32)
    sheet.ink(inked, at[0] - side / PX / 2, at[1] - side / PX / 2, colour)


STAMPS: dict[str, Laying] = {
    "received": _worded(("收件专用", "已收讫", "收文登记", "收件章", "窗口收件"), dated=0.7),
    "copy": _worded(("与原件核对无误", "复印件", "副本", "与原件一致"), dated=0.2),
    "paid": _worded(("现金付讫", "转账付讫", "已审核", "已盖章")),
    "scope": _worded(("仅供办理审批使用", "仅限本次使用", "再复印无效"), dated=0.2),
    "read": _worded(("已阅", "已核", "存档", "待办", "退回补正"), dated=0.4),
    "english": _worded(("RECEIVED", "COPY", "APPROVED", "PAID", "CONFIDENTIAL")),
    "void": _large(("作废", "此件作废", "VOID")),
    "urgent": _large(("急件", "特急", "加急", "平急")),
    "sample": _large(("样本", "样张", "SAMPLE")),
    "upright": _upright(("机密", "内部资料", "注意保存", "已录入")),
    "numberer": _numbered,
    "day": _day_alone,
    "table": _table,
    "dater": _ringed(("收文", "办公室", "收讫", "业务", "登记"), bands=True),
    "postmark": _ringed(("邮戳", "投递", "支局", "快递"), bands=True),
    "inspector": _ringed(("检", "核", "已验", "阅", "合格"), bands=False),
    "triangle": _triangle,
    "signed-for": _ruled(("签收人", "经办人", "复核", "日期", "电话")),
}
