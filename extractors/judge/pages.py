"""What is wrong with the pages themselves: missing, duplicate, unreadable, altered, of an older issue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from extractors.judge.combining import JudgedDocument, contradicts
from extractors.judge.fields import required_ids
from extractors.judge.wording import labelled, on_page
from extractors.model import Alteration, Finding, FindingWeight, Observation, PageFacts

_HOW = {"changed": "被改动", "struck": "被划掉", "removed": "被涂掉或缺失", "added": "处多出了文字"}
_BY_HAND = "是由工作人员归入的，不是按页码标识认出的"
_TEXT_SHOWN = 24
_NAMES_SHOWN = 3


def check_pages(document: JudgedDocument, *, sure: float, altered_sure: float) -> Iterator[Finding]:
    """Every finding about pages. ``sure``, ``altered_sure``: confidences, 0..1."""
    for number in document.missing_pages:
        said = f"缺第{number}页（共{document.returned.issue.pages}页）"
        yield Finding(code="page-missing", message=said, weight="incomplete", page=number)
    for number, facts in sorted(document.returned.pages.items()):
        yield from _page(document, number, facts)
    yield from _alterations(document, altered_sure)
    for facts in document.returned.duplicates:
        yield from _duplicate(document, facts, sure)
    yield from _doubted(document)
    yield from _beside(document)
    yield from _added(document)
    yield from _attached(document)
    yield from _superseded(document)


def _page(document: JudgedDocument, number: int, facts: PageFacts) -> Iterator[Finding]:
    if number in document.lost_pages:
        said = on_page(number, "看不清，与发出的原件对不上，没有逐项核对，请人工查看或重新扫描")
        yield Finding(code="area-not-visible", message=said, weight="review", page=number)
    if facts.sighting.by == "print":
        # Nothing on such a page is keyed to the issue: another case's page may read the same.
        said = on_page(number, "的页码标识都看不到，是按印刷内容归入的，请人工核对是不是本件")
        yield Finding(code="area-not-visible", message=said, weight="review", page=number)
    if facts.sighting.by == "person":
        yield Finding(code="area-not-visible", message=on_page(number, _BY_HAND), weight="note", page=number)
    for box in facts.unseen:
        said = on_page(number, "有一处印刷内容看不到（裁掉、遮住、反光或残缺），请人工核对")
        yield Finding(code="area-not-visible", message=said, weight="review", page=number, box=box)


# -- alterations ------------------------------------------------------------------------------------


def _alterations(document: JudgedDocument, altered_sure: float) -> Iterator[Finding]:
    read_as_file = {page for facts in document.returned.digital for page in facts.pages_seen}
    for number, facts in sorted(document.returned.pages.items()):
        for item in facts.alterations:
            # What a file's text does not say, its picture alone does not prove: programs draw fonts differently.
            is_doubtful = number in read_as_file and item.confidence >= altered_sure
            yield _altered(replace(item, confidence=0.0) if is_doubtful else item, altered_sure)
    for digital in document.returned.digital:
        for item in digital.alterations:
            yield _altered(item, altered_sure)


def _altered(item: Alteration, altered_sure: float) -> Finding:
    is_sure = item.confidence >= altered_sure
    text = item.text if len(item.text) <= _TEXT_SHOWN else f"{item.text[:_TEXT_SHOWN]}…"
    where, how = (f"印刷内容“{text}”" if text else "印刷内容"), _HOW[item.how]
    if item.how == "added" and not text:
        where, how = "印刷的文字之间", "多出了字迹"
    said = f"{where}{'' if is_sure else '疑似'}{how}{'' if is_sure else '，请人工核对'}"
    return Finding(
        code="text-altered",
        message=on_page(item.page, said),
        weight="incomplete" if is_sure else "review",
        page=item.page,
        box=item.box,
        evidence=item.crop,
    )


def _doubted(document: JudgedDocument) -> Iterator[Finding]:
    """What a file holds and does not show, or what of it could not be read: always for a person."""
    for facts in document.returned.digital:
        for item in facts.doubts:
            area = document.areas.get(item.field) if item.field else None
            name = labelled(document.form, item.field) if item.field else ""
            said = f"{name}：{item.reason}" if name else item.reason
            yield Finding(
                code="inconsistent",
                message=on_page(item.page, said),
                weight="review",
                field=item.field,
                page=item.page,
                box=area.box if area else None,
            )


def _beside(document: JudgedDocument) -> Iterator[Finding]:
    """Another file of the same document, which satisfies nothing: said; for a person where it was changed, or
    signed.
    """
    for facts in document.returned.beside:
        where = f"另交回了一份电子文件（{facts.ref.source}）"
        weight: FindingWeight
        if facts.alterations or facts.doubts:
            said, weight = f"{where}，其中有改动或看不准的地方，请人工核对", "review"
        elif any(item.intact for item in facts.signatures):
            said, weight = f"{where}，上面有数字签名，请人工确定以哪一份为准", "review"
        else:
            said, weight = f"{where}，以签字盖章的这一份为准", "note"
        yield Finding(code="page-duplicate", message=said, weight=weight)


def _added(document: JudgedDocument) -> Iterator[Finding]:
    count = sum(facts.added_pages for facts in document.returned.digital)
    if count:
        said = f"交回的文件比发出的多{count}页，请人工核对多出的内容"
        yield Finding(code="text-altered", message=said, weight="review")


def _attached(document: JudgedDocument) -> Iterator[Finding]:
    names = dict.fromkeys(name for facts in document.returned.digital for name in facts.attachments)
    if names:
        listed = "、".join(f"“{name}”" for name in list(names)[:_NAMES_SHOWN])
        more = f"等{len(names)}个" if len(names) > _NAMES_SHOWN else ""
        said = f"交回的文件里带有附件{listed}{more}，附件没有核对，也不归入卷内页面"
        yield Finding(code="text-altered", message=said, weight="note")
    active = dict.fromkeys(kind for facts in document.returned.digital for kind in facts.active)
    if active:
        said = f"交回的文件里带有{'、'.join(active)}；归档的页面里没有这些，原件另存为不能直接打开的文件"
        yield Finding(code="text-altered", message=said, weight="note")


# -- the same page twice ----------------------------------------------------------------------------


def _duplicate(document: JudgedDocument, facts: PageFacts, sure: float) -> Iterator[Finding]:
    number = facts.sighting.page
    where = f"（{facts.ref.source} 第{facts.ref.page}页）"
    best = document.returned.pages.get(number)
    differing = (
        _differing(document, best, facts, sure) if best and best.registered and facts.registered else []
    )
    if differing:
        names = "、".join(dict.fromkeys(labelled(document.form, item.id) for item in differing))
        said = f"交回了不止一份{where}，{names}各份不一致，请人工确定以哪一份为准，再单独核验那一份"
        yield Finding(
            code="page-duplicate",
            message=on_page(number, said),
            weight="review",
            field=differing[0].id,
            page=number,
            box=differing[0].box,
            evidence=differing[0].crop,
        )
    elif facts.alterations and not (best and best.alterations):
        said = f"交回了不止一份{where}，其中一份的印刷内容疑似被改动，请人工核对"
        yield Finding(code="page-duplicate", message=on_page(number, said), weight="review", page=number)
    else:
        said = f"交回了不止一份{where}，以较清楚的一份为准"
        yield Finding(code="page-duplicate", message=on_page(number, said), weight="note", page=number)


def _differing(document: JudgedDocument, best: PageFacts, other: PageFacts, sure: float) -> list[Observation]:
    """Fields that something hangs on and that one copy surely has and the other surely lacks."""
    needed = required_ids(document) | {
        field_id for rule in document.form.any_of for field_id in document.ids_listed(rule.fields)
    }
    mine = {item.id: item for item in best.observations if item.confidence >= sure}
    theirs = [item for item in other.observations if item.confidence >= sure and item.id in needed]
    return [item for item in theirs if item.id in mine and contradicts(mine[item.id], item)]


# -- an older issue ---------------------------------------------------------------------------------


def _superseded(document: JudgedDocument) -> Iterator[Finding]:
    issue = document.returned.issue
    if issue.is_withdrawn:
        said = f"这一份（编号 {issue.number}）已经撤回，{issue.what_stands}；请问出具的人"
        yield Finding(code="superseded-issue", message=said, weight="incomplete")
    elif issue.superseded_by is not None:
        numbers = f"这是旧版（编号 {issue.number}），已由新版（编号 {issue.superseded_by}）代替"
        said = f"{numbers}；请在新版上填写、签署后交回"
        yield Finding(code="superseded-issue", message=said, weight="incomplete")
    for sighting in document.returned.superseded:
        is_needed = sighting.page in document.missing_pages
        said = f"交回的第{sighting.page}页是旧版（编号 {sighting.issue}）的，不能用在新版里"
        yield Finding(
            code="superseded-issue",
            message=said + ("；请补交新版的这一页" if is_needed else ""),
            weight="incomplete" if is_needed else "note",
            page=sighting.page,
        )
