"""A wrong template is reported in Chinese, with its place, all at once."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.errors import FormError, Problem
from generator.template.rendering import CompiledTemplate


def problems_of(template: bytes, context: dict[str, Any] | None = None) -> list[Problem]:
    with pytest.raises(FormError) as raised:
        CompiledTemplate.load(template).render(context or {})
    return list(raised.value.problems)


def said(problems: list[Problem], where: str) -> str:
    return "；".join(problem.problem for problem in problems if problem.where == f"模板 {where}")


def test_all_missing_data_is_reported_at_once_with_its_place(kit: Any) -> None:
    """Every use of data that is not there is one problem with part, cell, tag and dotted name."""
    nested = kit.table(kit.cell("{{ inner }}"), columns=1)
    split_cell = kit.cell("{{ p.contact.phone }}").replace("tact", "</w:t></w:r><w:r><w:t>tact")
    body = (
        kit.paragraph("有 {{ have }}", "{{ a }}")
        + kit.table(
            kit.cell("甲") + split_cell,
            kit.cell("{{ p['x'].y }}") + kit.cell("乙").replace("<w:p>", nested + "<w:p>", 1),
            columns=2,
        )
        + kit.paragraph("{% for i in list %}{{ i }}{% endfor %}{% if flag %}{% endif %}{{ opt|default('') }}")
    )
    other = kit.paragraph("{{ h.x }}")
    template = kit.make(body, header=other, footer=other, footnote=other, core="<dc:title>{{ t }}</dc:title>")
    problems = problems_of(template, {"have": 1, "p": {}, "h": {}})
    assert {(p.where.removeprefix("模板 "), p.problem.split("用到的")[1]) for p in problems} == {
        ("第1段", "“a”没有数据"),
        ("表1 第1行 第2格", "“p.contact.phone”没有数据"),
        ("表1 第2行 第1格", "“p.x.y”没有数据"),
        ("表1 第2行 第2格 内嵌表 第1行 第1格", "“inner”没有数据"),
        ("第2段", "“list”没有数据"),
        ("第2段", "“flag”没有数据"),
        ("页眉", "“h.x”没有数据"),
        ("页脚", "“h.x”没有数据"),
        ("脚注", "“h.x”没有数据"),
        ("文档属性“标题”", "“t”没有数据"),
    }
    assert "标签“{{ p.contact.phone }}”" in said(problems, "表1 第1行 第2格")


@pytest.mark.parametrize(
    "use", ["x == 1", "x != 1", "1 in x", "x|length", "x + 1", "x &lt; 1", "x()", "-x", "x|int"]
)
def test_no_use_of_missing_data_is_silent(kit: Any, use: str) -> None:
    """Comparing, counting, calling or computing with missing data is reported like printing it."""
    problems = problems_of(kit.make(kit.paragraph(f"{{{{ {use} }}}}")))
    assert "“x”没有数据" in said(problems, "第1段")


def test_the_same_tag_is_traced_to_the_one_that_failed(kit: Any) -> None:
    """Of two tags that say the same, over different data, the one that fails is named by its place."""
    loop = "{%% for i in %s %%}{{ i.x }}{%% endfor %%}"
    template = kit.make(kit.paragraph(loop % "good") + kit.paragraph(loop % "bad"))
    problems = problems_of(template, {"good": [{"x": 1}], "bad": [{}]})
    assert [problem.where for problem in problems] == ["模板 第2段"]


@pytest.mark.parametrize(
    "tag", ["{{ x + 1 }}", "{{ x|round }}", "{{ range(1000000) }}", "{{ x.y() }}", "{{ 1 / 0 }}"]
)
def test_computing_fault_names_its_tag(kit: Any, tag: str) -> None:
    """A tag that cannot be computed, itself or by one of Jinja's filters, is a problem with its place."""
    problems = problems_of(kit.make(kit.paragraph("好") + kit.paragraph(tag)), {"x": "字"})
    assert tag in said(problems, "第2段")


def test_error_inside_a_context_object_is_not_blamed_on_the_template(kit: Any) -> None:
    """An exception from the data's own code escapes as it is: a bug must not look like a typing mistake."""

    class Broken:
        def __str__(self) -> str:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        CompiledTemplate.load(kit.make(kit.paragraph("{{ x }}"))).render({"x": Broken()})


@pytest.mark.parametrize(
    "attack", ["().__class__.__mro__", "x.__init__.__globals__", "''.format.__self__.__class__"]
)
def test_template_cannot_leave_the_sandbox(kit: Any, attack: str) -> None:
    """A template that reaches for Python's internals is refused at its place."""
    problems = problems_of(kit.make(kit.paragraph(f"{{{{ {attack} }}}}")), {"x": Problem("", "")})
    assert "unsafe" in said(problems, "第1段")


def test_method_of_a_dict_is_not_printed(kit: Any) -> None:
    """``plan.items`` on a plain dict is Python's method, not data; it is refused instead of printed."""
    problems = problems_of(kit.make(kit.paragraph("{{ plan.items }}")), {"plan": {"items": "事项"}})
    assert "方法" in said(problems, "第1段")


def test_every_syntax_error_is_reported_at_once(kit: Any) -> None:
    """Wrong tags, unclosed and unopened blocks of all parts come in one error, with place and text."""
    body = (
        kit.paragraph("{{ a b }}{% if x %}")
        + kit.table(
            kit.cell("{%tr for i in x %}"), kit.cell("{{ i，b }}"), kit.cell("{%tr endfr %}"), columns=1
        )
        + kit.paragraph("{% nosuch 1 %}{% else %}")
        + kit.paragraph("{{ x|nosuchfilter }}{{ 没写完")
    )
    problems = problems_of(
        kit.make(body, header=kit.paragraph("{{ ( }}"), core="<dc:title>{{ % }}</dc:title>")
    )
    assert "{{ a b }} 语法有误" in said(problems, "第1段")
    assert "{% if x %} 没有对应的 endif" in said(problems, "第1段")
    assert "{%tr for i in x %} 没有对应的 endfor" in said(problems, "表1 第1行 第1格")
    assert "全角字符“，”" in said(problems, "表1 第2行 第1格")
    assert "{%tr endfr %} 用了不认识的语句“endfr”" in said(problems, "表1 第3行 第1格")
    assert "{% nosuch 1 %} 用了不认识的语句“nosuch”" in said(problems, "第2段")
    assert "标签没有写完" in said(problems, "第3段")
    assert "{{ ( }}" in said(problems, "页眉")
    assert "{{ % }}" in said(problems, "文档属性“标题”")


def test_unknown_filter_is_a_template_problem_with_its_place(kit: Any) -> None:
    """A filter that does not exist is found when the template is loaded."""
    with pytest.raises(FormError) as raised:
        CompiledTemplate.load(kit.make(kit.paragraph("好") + kit.paragraph("{{ x|nosuch }}")))
    assert "nosuch" in said(list(raised.value.problems), "第2段")


def test_rendering_that_breaks_the_markup_is_refused(kit: Any) -> None:
    """A loop over half a table gives no XML; it is refused, never recovered into a damaged document."""
    body = kit.paragraph("{% for i in x %}") + kit.table(kit.cell("{% endfor %}"), columns=1)
    problems = problems_of(kit.make(body), {"x": [1, 2]})
    assert "不再是完好的 Word 文件" in said(problems, "正文")
