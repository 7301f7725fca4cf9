"""Pages of no issued document: a copied identity card, a cover letter. Everything on them is invented."""

from __future__ import annotations

import numpy as np

from simulator.ink import words
from simulator.ink.printing import typed_mask
from simulator.paper.sheets import PX, PaperSheet, empty_sheet

_INK = (30, 30, 32)


def id_card(like: PaperSheet, rng: np.random.Generator) -> PaperSheet:
    """Both sides of an identity card copied onto one page: grey areas, a portrait, a few lines."""
    sheet = empty_sheet(like)
    sheet.number = -1
    for top in (45.0, 125.0):
        card = np.full((round(54 * PX), round(85.6 * PX)), 0.16, np.float32)
        card[: round(0.4 * PX)] = card[-round(0.4 * PX) :] = 0.8
        card[:, : round(0.4 * PX)] = card[:, -round(0.4 * PX) :] = 0.8
        sheet.ink(card, 60, top, _INK)
    face = np.full((round(30 * PX), round(22 * PX)), 0.5, np.float32)
    y, x = np.mgrid[-1 : 1 : face.shape[0] * 1j, -1 : 1 : face.shape[1] * 1j]
    face[(x / 0.55) ** 2 + ((y + 0.15) / 0.6) ** 2 < 1] = 0.2
    sheet.ink(face, 118, 52, _INK)
    name = words.name(rng)
    lines = (f"姓名  {name}", "性别  男  民族  汉", "出生  1980 年 1 月 1 日", "住址  某省某市某路某号")
    for index, line in enumerate(lines):
        sheet.ink(typed_mask(line, 3.2), 64, 51 + index * 8, _INK)
    sheet.ink(typed_mask("中华人民共和国", 5), 88, 135, _INK)
    sheet.ink(typed_mask("居民身份证", 6), 88, 146, _INK)
    return sheet


def cover_letter(like: PaperSheet, rng: np.random.Generator) -> PaperSheet:
    """A short printed cover letter."""
    sheet = empty_sheet(like)
    sheet.number = -2
    sheet.ink(typed_mask("关于报送委托材料的函", 7.7), 60, 45, _INK)
    lines = (
        "行政审批服务管理局：",
        "    现将我公司项目代办服务有关材料一并报送，请予办理。",
        "    附件：1.委托书一份；2.身份证复印件一份。",
        f"    联系人：{words.name(rng)}  电话：{words.phone(rng)}",
    )
    for index, line in enumerate(lines):
        sheet.ink(typed_mask(line, 5.6), 30, 70 + index * 11, _INK)
    sheet.ink(typed_mask("某某有限公司", 5.6), 130, 135, _INK)
    return sheet
