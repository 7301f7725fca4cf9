"""What we render is what docxtpl renders, feature by feature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docxtpl import Listing, RichText, RichTextParagraph

from bench import bench_fill
from generator.template.environment import template_environment
from generator.template.rendering import CompiledTemplate

ROOT = Path(__file__).resolve().parents[3]

PROJECT = {
    "name": "年产5000吨<高纯>氧化铝 & “二期”",
    "items": [{"name": "备案", "days": 3}, {"name": "环评", "days": 20}, {"name": "能评", "days": 0}],
    "note": "第一行\n第二行\t制表\f新页\a新段",
    "empty": "",
    "flag": True,
    "off": False,
}


def rich() -> RichText:
    text = RichText("加粗<&>", bold=True, size=32, font="eastAsia:仿宋")
    text.add("换行\n红字", color="#FF0000", underline="wave", style="Strong")
    return text


def p(*runs: str, properties: str = "") -> str:
    """A paragraph with one bold run per text."""
    texts = "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>" for text in runs)
    return f'<w:p w:rsidR="00A1">{properties}{texts}</w:p>'


PICTURE = '<w:r><w:drawing><wp:inline><wp:docPr id="7" name="图"/></wp:inline></w:drawing></w:r>'
CONTROL = (
    '<w:p><w:sdt><w:sdtPr><w:tag w:val="project.name"/><w:text/></w:sdtPr>'
    "<w:sdtContent><w:r><w:rPr><w:u/></w:rPr><w:t>{{ p.name }}\t{{ rows }}</w:t></w:r>"
    "</w:sdtContent></w:sdt></w:p>"
)
BOX = (
    '<w:p w:rsidR="1"><w:r><w:t>外{{ p.note }}</w:t></w:r><w:r><w:pict><w:txbxContent>'
    "<w:p><w:r><w:t>内{{ rows }}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    "<w:r><w:t>尾{{ rows }}</w:t></w:r></w:p>"
)
BODIES: dict[str, str] = {
    "text": p("项目：{{ p.name }}，{{ p.missing|default('无') }}"),
    "split over runs": p("甲{", "{ p.na", "me }", "}乙").replace("</w:r>", '</w:r><w:proofErr w:type="x"/>'),
    "smart quotes": p("{{ p[“name”] }}{% if p.flag == ‘x’ %}否{% else %}是{% endif %}"),
    "entities": p("{% if p['items']|length &gt; 2 and 1 &lt; 2 %}多 &amp; &lt;少&gt;{% endif %}"),
    "loop": p("{% for i in p['items'] %}{{ loop.index }}.{{ i.name }} {% endfor %}"),
    "newline tab page paragraph": p(
        "前 {{ p.note }} 后", "又{{ p.note }}", properties='<w:pPr><w:jc w:val="center"/></w:pPr>'
    )
    + "<w:p><w:r><w:t>{{ p.note }}</w:t></w:r></w:p>",
    "escaped delimiters": p("{_{ p.name }_} {_% if %_} {{ p.name }} {a_{ {f_{"),
    "merge with neighbours": p("前") + p("{%- if p.flag -%}") + p("中") + p("{%- endif -%}") + p("后"),
    "comment": p("甲{# {{ 不印 }} #}乙") + p("{#p 整段不印 #}"),
    "set and macro": p(
        "{% set x = p.name %}{% macro m(a) %}【{{ a }}】{% endmacro %}{{ m(x) }}",
        "{% set ns = namespace(n=0) %}{% for i in p['items'] %}{% set ns.n = ns.n + i.days %}{% endfor %}",
        "{{ ns.n }}",
    ),
    "raw": p("{% raw %}{{ p.name }} {% if %}{% endraw %}"),
    "tag in a string": p("{{ '{%' ~ p.name ~ '{{' }}"),
    "spaces kept": p("{{ '  前' }}  {{ p.name }} "),
    "rich text": p("甲{{r rich }}乙") + p("{{ rich }}"),
    "rich text in if": p("{%r if p.flag %}", "{{r rich }}", "{%r endif %}"),
    "rich paragraph": p("{{p paragraphs }}"),
    "listing": p("{{ listing }}"),
    "content control": CONTROL,
    "text box": BOX,
    "empty paragraph then newline": '<w:p w:rsidR="1"/>' + p("{{ rows }}"),
    "static newline": p("模板里的\n换行").replace("<w:t>", '<w:t xml:space="preserve">'),
    "drawing ids": f"<w:p>{PICTURE}{PICTURE}</w:p>" + p("{{ p.name }}") + f"<w:p>{PICTURE}</w:p>",
}


def tables(kit: Any) -> dict[str, str]:
    cell, table = kit.cell, kit.table
    nested = '<w:tc><w:tcPr><w:tcW w:w="1" w:type="dxa"/></w:tcPr>%s<w:p/></w:tc>'
    return {
        "row loop": table(
            cell("序号") + cell("事项"),
            cell("{%tr for i in p['items'] %}") + cell(""),
            cell("{{ loop.index }}") + cell("{{ i.name }}"),
            cell("{%tr endfor %}") + cell(""),
            columns=2,
        ),
        "no row left": table(
            cell("{%tr for i in p.empty %}") + cell(""),
            cell("{{ i }}") + cell("{{ i }}"),
            cell("{%tr endfor %}") + cell(""),
            cell("合计"),
            columns=2,
        ),
        "more columns": table(
            cell("表头")
            + cell("{%tc for i in p['items'] %}")
            + cell("{{ i.name }}")
            + cell("{%tc endfor %}"),
            cell("天数")
            + cell("{%tc for i in p['items'] %}")
            + cell("{{ i.days }}")
            + cell("{%tc endfor %}"),
            columns=2,
        ),
        "fewer columns": table(
            cell("{%tc if p.off %}") + cell("没有") + cell("{%tc endif %}") + cell("有"), columns=5
        ),
        "paragraph loop in cell": table(
            cell(
                "{%p for i in p['items'] %}",
                "{{ i.name }}",
                "{%p if i.days %}",
                "{{ i.days }}天",
                "{%p endif %}",
                "{%p endfor %}",
            ),
            columns=1,
        ),
        "colour and span": table(
            cell("{% cellbg 'FF0000' %}{{ p.name }}") + cell("乙"),
            cell("{% colspan 2 %}{{ p.name }}"),
            columns=2,
        ),
        "vertical merge": table(
            cell("{%tr for i in p['items'] %}") + cell(""),
            cell("{% vm %}合并") + cell("{{ i.name }}"),
            cell("{%tr endfor %}") + cell(""),
            columns=2,
        ),
        "horizontal merge": table(
            cell("{%tc for i in p['items'] %}") + cell("{% hm %}{{ p.name }}") + cell("{%tc endfor %}"),
            cell("{%tc for i in p['items'] %}") + cell("{{ i.name }}") + cell("{%tc endfor %}"),
            columns=1,
        ),
        "nested table": table(
            nested % table(cell("{{ p.name }}") + cell("{{ rows }}"), columns=2), columns=1
        ),
        "spanned": table(
            cell("{{ p.name }}").replace("<w:tcW ", '<w:gridSpan w:val="3"/><w:tcW '),
            cell("甲") + cell("乙") + cell("丙"),
            columns=3,
        ),
        "nested rows": table(
            cell("{%tr for i in p['items'] %}"),
            cell("{%tr for j in range(loop.index) %}"),
            cell("{{ i.name }}{{ j }}"),
            cell("{%tr endfor %}"),
            cell("{%tr endfor %}"),
            columns=1,
        ),
    }


TABLES = [
    "row loop",
    "no row left",
    "more columns",
    "fewer columns",
    "paragraph loop in cell",
    "colour and span",
]
TABLES += ["vertical merge", "horizontal merge", "nested table", "spanned", "nested rows"]


def context() -> dict[str, Any]:
    paragraphs = RichTextParagraph("一段<&>", parastyle="Title")
    paragraphs.add(rich())
    listing = Listing("甲\n乙\a丙 <&> \f丁\t戊")
    return {"p": PROJECT, "rich": rich(), "paragraphs": paragraphs, "listing": listing, "rows": "甲\n乙\n"}


@pytest.mark.parametrize("feature", BODIES)
def test_body_features_equal_docxtpl(kit: Any, feature: str) -> None:
    """A body using one feature of the template language is rendered as docxtpl renders it."""
    kit.same(kit.make(BODIES[feature]), context())


@pytest.mark.parametrize("feature", TABLES)
def test_table_features_equal_docxtpl(kit: Any, feature: str) -> None:
    """A table using one feature of the template language is rendered as docxtpl renders it."""
    kit.same(kit.make(tables(kit)[feature]), context())


def test_all_features_of_a_document_together_equal_docxtpl(kit: Any) -> None:
    """Features do not disturb each other: one document with all of them is still docxtpl's."""
    kit.same(kit.make("".join((*BODIES.values(), *tables(kit).values()))), context())


def test_pretty_printed_template_equals_docxtpl(kit: Any) -> None:
    """Line breaks between the elements of a template are not taken for line breaks in its text."""
    pretty = "\n  <w:p>\n    <w:r>\n      <w:t>{{ rows }}</w:t>\n    </w:r>\n  </w:p>\n" + p("甲")
    kit.same(kit.make(pretty, header=pretty), context())


@pytest.mark.parametrize("place", ["header", "footer", "footnote"])
def test_other_parts_equal_docxtpl(kit: Any, place: str) -> None:
    """Headers, footers and footnotes are rendered as docxtpl renders them."""
    text = "".join(BODIES[name] for name in ("text", "loop", "newline tab page paragraph", "rich text"))
    kit.same(kit.make(kit.paragraph("{{ p.name }}"), **{place: text}), context())


def test_properties_equal_docxtpl(kit: Any) -> None:
    """Document properties are filled as docxtpl fills them, where it does not escape them twice."""
    subject = "<dc:subject>{% if 1 %}乙{% endif %}</dc:subject>"
    core = f"<dc:title>{{{{ name }}}}</dc:title><dc:creator>甲</dc:creator>{subject}"
    kit.same(kit.make(kit.paragraph("正文"), core=core), {"name": "名称"})


@pytest.mark.parametrize(
    "options",
    [{"trim_blocks": True}, {"trim_blocks": True, "lstrip_blocks": True}],
)
def test_environment_options_equal_docxtpl(kit: Any, options: dict[str, Any]) -> None:
    """An environment of the caller's gives what docxtpl gives with it."""
    template = kit.make("".join(BODIES.values()))
    compiled = CompiledTemplate.load(template, template_environment(**options))
    theirs = kit.by_docxtpl(template, context(), template_environment(**options))
    kit.assert_same(compiled.render(context()).to_bytes(), theirs)


def test_filters_of_the_callers_environment_are_used(kit: Any) -> None:
    """A filter added to an environment works in the template, as in docxtpl."""
    environment = template_environment()
    environment.filters["twice"] = lambda value: f"{value}{value}"
    rendered = CompiledTemplate.load(kit.make(kit.paragraph("{{ x|twice }}")), environment).render(
        {"x": "双"}
    )
    assert kit.text(rendered.to_bytes()) == "双双"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "forms").glob("*/*/template.docx")), ids=lambda path: path.parent.name
)
def test_our_own_forms_equal_docxtpl(kit: Any, path: Path) -> None:
    """Every template in the catalogue is rendered as docxtpl renders it."""
    compiled = CompiledTemplate.load(path)
    for values in bench_fill.contexts(compiled, 2):
        kit.assert_same(compiled.render(values).to_bytes(), kit.by_docxtpl(path.read_bytes(), values))


def test_benchmark_compares_equal_documents(kit: Any) -> None:
    """What the benchmark times on both sides is the same work: the documents are equal."""
    for template in bench_fill.built_templates().values():
        compiled = CompiledTemplate.load(template)
        (values,) = bench_fill.contexts(compiled, 1)
        kit.assert_same(compiled.render(values).to_bytes(), bench_fill.by_docxtpl(template, values))
