"""Checks a form.toml by itself: its ids, lists and conditions must not contradict each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forms.definition import (
    MOST_PAGES,
    THIS_MONTH,
    TODAY,
    AnyOf,
    DateRule,
    FieldDefinition,
    FieldKind,
    FilledBy,
    FormDefinition,
)
from forms.patterns import listed, meet
from foundation.errors import Problem
from foundation.nearest import did_you_mean


def check_definition(form: FormDefinition, where: str = "form.toml") -> list[Problem]:
    """Every contradiction inside one definition; ``where`` is what places call the file."""
    return [
        *_twice(form, where),
        *_overlaps(form, where),
        *_branches(form, where),
        *_indexes(form, where),
        *_blank_lines(form, where),
        *_conditions(form, where),
        *_dates(form, where),
        *(problem for field in form.fields for problem in _field(field, f"{where} 字段 {field.id}")),
        *_pages(form, where),
        *_audience(form, where),
        *_page_marks(form, where),
        *_paper_for(form, where),
        *_per_period(form, where),
    ]


def _twice(form: FormDefinition, where: str) -> Iterator[Problem]:
    for name, ids in (
        ("field", [item.id for item in form.fields]),
        ("list", [item.id for item in form.lists]),
    ):
        for item_id, count in Counter(ids).items():
            if count > 1:
                problem = f"[[{name}]] 定义了 {count} 次"
                yield Problem(f"{where} 字段 {item_id}", problem, item_id, "只留一个")


def _overlaps(form: FormDefinition, where: str) -> Iterator[Problem]:
    """Two patterns that match one id: which one applies would be chance. A concrete id beside a pattern is intended."""
    patterns = sorted({item.id for item in form.fields if "*" in item.id})
    for number, first in enumerate(patterns):
        for second in patterns[number + 1 :]:
            if meet(first, second):
                problem = f"与 {second} 重叠，同一个字段有两个定义"
                yield Problem(f"{where} 字段 {first}", problem, first, "删去一个，或改写编号")


def _branches(form: FormDefinition, where: str) -> Iterator[Problem]:
    """An id that is a field and holds fields: nothing can be both a value and a group."""
    ids = {item.id for item in form.fields}
    for field in form.fields:
        parts = field.id.split(".")
        above = next(
            (".".join(parts[:end]) for end in range(1, len(parts)) if ".".join(parts[:end]) in ids), None
        )
        if above is not None:
            problem = f"“{above}”既是字段，又是“{field.id}”的上级"
            yield Problem(f"{where} 字段 {field.id}", problem, field.id, "换一个编号")


def _indexes(form: FormDefinition, where: str) -> Iterator[Problem]:
    lists = [item.id for item in form.lists]
    bases = dict.fromkeys(item.id.partition(".*")[0] for item in form.fields if "*" in item.id)
    for base in bases:
        if base not in lists:
            advice = did_you_mean(base, lists, f"加上 [[list]] id = “{base}”")
            yield Problem(f"{where} 字段 {base}.*", f"清单“{base}”没有定义，不知有几项", base, advice)
    for item in form.lists:
        if not any(
            field.id == f"{item.id}.*" or field.id.startswith(f"{item.id}.*.") for field in form.fields
        ):
            problem = "清单里没有任何字段"
            yield Problem(f"{where} 清单 {item.id}", problem, item.id, f"加上字段“{item.id}.*”")


def _blank_lines(form: FormDefinition, where: str) -> Iterator[Problem]:
    """The written line of a blank box, ``….text_1``, needs its box ``….1``."""
    for expected, line in form.blank_lines.items():
        box = form.field(expected)
        if box is None or box.kind is not FieldKind.CHECKBOX:
            yield Problem(f"{where} 字段 {line}", f"空白行没有对应的选项框“{expected}”", line, "补上选项框")


def _conditions(form: FormDefinition, where: str) -> Iterator[Problem]:
    known = [item.id for item in form.fields]
    for number, rule in enumerate(form.any_of, start=1):
        place = f"{where} 第{number}个 any_of"
        for wanted in (*rule.fields, *rule.when):
            if not any(listed(field_id, (wanted,)) for field_id in known):
                advice = did_you_mean(wanted, known, "改为已定义的字段编号")
                yield Problem(place, f"用到了没有定义的字段“{wanted}”", wanted, advice)
        if contradiction := _never_at_issue(form, rule):
            yield Problem(place, contradiction, advice="改为 at = “return”")
        if rule.at == "issue" and (rule.when or rule.otherwise != "incomplete" or rule.each or rule.only_one):
            problem = "when、otherwise、each 和 only_one 只在交回时有用"
            yield Problem(place, problem, advice="删去，或改为 at = “return”")
        yield from _each(form, rule, place)


def _each(form: FormDefinition, rule: AnyOf, place: str) -> Iterator[Problem]:
    if not rule.each:
        return
    lists = [item.id for item in form.lists]
    if rule.each not in lists:
        advice = did_you_mean(rule.each, lists, "改为已定义的清单编号")
        yield Problem(place, f"each 用到了没有定义的清单“{rule.each}”", rule.each, advice)
    for wanted in rule.fields:
        if not wanted.startswith(f"{rule.each}.*."):
            problem = f"写了 each，字段“{wanted}”却不在清单“{rule.each}”里"
            yield Problem(place, problem, wanted, f"写成“{rule.each}.*.…”")


def _never_at_issue(form: FormDefinition, rule: AnyOf) -> str | None:
    kinds = {field.kind for field in form.fields if listed(field.id, rule.fields)}
    if rule.at == "issue" and kinds == {FieldKind.SIGNATURE}:
        return "出件时要求有签章，但签章只能在纸上完成"
    return None


def _per_period(form: FormDefinition, where: str) -> Iterator[Problem]:
    """A period has to be read off the paper itself, or be that of the month; and not be there beside stages."""
    known = [item.id for item in form.fields if "*" not in item.id]
    for wanted in form.per_period:
        if wanted not in (*known, THIS_MONTH):
            problem = f"per_period 用到了没有定义的字段“{wanted}”"
            advice = did_you_mean(wanted, known, f"改为已定义的字段编号，或“{THIS_MONTH}”")
            yield Problem(where, problem, wanted, advice)
    if form.per_period and form.per_stage:
        yield Problem(where, "per_stage 和 per_period 不能都写", advice="只留一个")


def _dates(form: FormDefinition, where: str) -> Iterator[Problem]:
    for number, rule in enumerate(form.dates, start=1):
        place = f"{where} 第{number}个 dates"
        for wanted in filter(None, (rule.field, rule.not_before, rule.not_after)):
            if wanted != TODAY:
                yield from _named_date(form, place, wanted)
        yield from _limits(rule, place)


def _named_date(form: FormDefinition, place: str, wanted: str) -> Iterator[Problem]:
    dates = [item.id for item in form.fields if item.kind is FieldKind.DATE]
    if not any(meet(wanted, field_id) for field_id in dates):
        advice = did_you_mean(wanted, dates, "改为一个日期字段的编号")
        yield Problem(place, f"“{wanted}”不是这张表的日期字段", wanted, advice)


def _limits(rule: DateRule, place: str) -> Iterator[Problem]:
    if "*" in f"{rule.not_before}{rule.not_after}":
        yield Problem(place, "与之相比的日期不能带 *：不知是哪一个", rule.field, "写明序号")
    if rule.not_before == TODAY:
        yield Problem(place, "not_before 不能是 today：交回时签的日期都在过去", rule.field, "改用 not_after")
    if rule.within_days is not None and not rule.not_before:
        yield Problem(place, "within_days 要从 not_before 的日期起算", rule.field, "补上 not_before")
    if not rule.not_before and not rule.not_after:
        yield Problem(place, "没有写出任何限制", rule.field, "写上 not_before 或 not_after")


def _field(field: FieldDefinition, place: str) -> Iterator[Problem]:
    if not field.label.strip():
        yield Problem(place, "没有中文名称（label）", field.id, "写上表上印的名称")
    if field.signing != "either" and field.kind is not FieldKind.SIGNATURE:
        yield Problem(place, "signing 只用于签字盖章处", field.id, "删去 signing，或改 kind")
    if field.required != "issue":
        return
    if field.kind is FieldKind.SIGNATURE:
        yield Problem(place, "签章处不能是出件前必填", field.id, "改为 required = “return”")
    elif field.filled_by is not FilledBy.OFFICE:
        problem = "出件前必填，却不由代办机构填写"
        advice = "改 filled_by 为 “office”，或改 required 为 “return”"
        yield Problem(place, problem, field.id, advice, "warning")


def _pages(form: FormDefinition, where: str) -> Iterator[Problem]:
    low, high = form.pages
    if not 1 <= low <= high:
        yield Problem(f"{where} pages", f"页数范围 {low}–{high} 不成立", advice="写成 [最少, 最多]，从 1 起")
    elif high > MOST_PAGES:
        yield Problem(f"{where} pages", f"最多 {high} 页，超过上限 {MOST_PAGES}", advice="改小")


def _audience(form: FormDefinition, where: str) -> Iterator[Problem]:
    """Who is to fill a form gets to see it."""
    theirs = [field for field in form.fields if field.filled_by is FilledBy.ENTERPRISE]
    if theirs and not form.is_for_enterprise:
        problem = f"“{theirs[0].label}”由项目单位填写，这张表却不给项目单位（audience = “{form.audience}”）"
        advice = "把 audience 改为 “enterprise”，或改字段的 filled_by"
        yield Problem(f"{where} audience", problem, theirs[0].id, advice)


def _page_marks(form: FormDefinition, where: str) -> Iterator[Problem]:
    """What comes back is found by its marks, and one of two is often lost: under a staple, a thumb, a cropped edge."""
    if form.page_marks != "two" and form.must_return:
        problem = (
            f"这张表要交回，每页却不是两个页面标识（page_marks = “{form.page_marks}”），交回的页认不出来"
        )
        yield Problem(f"{where} page_marks", problem, advice="删去 page_marks，或改为 “two”")


def _paper_for(form: FormDefinition, where: str) -> Iterator[Problem]:
    known = [item.id for item in form.fields if ".*." in item.id]
    if form.paper_for and form.paper_for not in known:
        problem = f"paper_for 用到的“{form.paper_for}”不是清单里的字段"
        advice = did_you_mean(form.paper_for, known, "写成“清单编号.*.字段”")
        yield Problem(f"{where} paper_for", problem, form.paper_for, advice)
