"""Looks for what reviewing and protecting leave in a file (审阅): comments, tracked changes, restrictions.

None of it is on the page its author sees in the end, and all of it would go out with every issued DOCX.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from forms.lint.places import Places
from forms.template.docx_file import DocxFile, Story
from forms.template.numbering import NUMBERING_PART, STYLES_PART
from forms.template.ooxml import W_NAMESPACE, Element, is_on, w
from foundation.errors import Problem

_SETTINGS, _CUSTOM_PROPERTIES = "word/settings.xml", "docProps/custom.xml"
_SETTINGS_LABEL = "文档设置"
_COMMENTS = ("commentReference", "commentRangeStart", "commentRangeEnd")
#: Tracked changes (17.13.5), besides all elements whose name ends in ``Change``: earlier properties.
_CHANGE = "Change"
_REVISIONS = frozenset(
    {
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "cellIns",
        "cellDel",
        "cellMerge",
        "conflictIns",
        "conflictDel",
        "customXmlInsRangeStart",
        "customXmlDelRangeStart",
        "customXmlMoveFromRangeStart",
        "customXmlMoveToRangeStart",
    }
)
_ACCEPT = "在“审阅”里接受或拒绝全部修订"
_PROTECTIONS = {
    "readOnly": "不能编辑",
    "comments": "只能加批注",
    "trackedChanges": "只能带修订地编辑",
    "forms": "只能填写窗体",
}


def check_review(docx: DocxFile, stories: tuple[Story, ...]) -> list[Problem]:
    """Every comment, tracked change and restriction of a template."""
    problems: list[Problem] = []
    for story in stories:
        places = Places(story)
        problems += _comments(places)
        problems += _revisions(places)
    for part, label in ((STYLES_PART, "样式"), (NUMBERING_PART, "编号定义")):
        if docx.has(part) and any(map(_is_revision, docx.tree(part).iter(etree.Element))):
            problems.append(Problem(label, "有未接受的修订", advice=_ACCEPT))
    if not any("有批注" in problem.problem for problem in problems):
        problems += _comments_of_nothing(docx)
    return [*problems, *_settings(docx), *_finality(docx)]


def _comments(places: Places) -> list[Problem]:
    marks = [mark for name in _COMMENTS for mark in places.story.root.iter(w(name))]
    return places.problems(marks, "有批注，会随 DOCX 一起发出去", "在“审阅”里删除全部批注")


def _comments_of_nothing(docx: DocxFile) -> Iterator[Problem]:
    """Comments whose place in the text is gone, but which still lie in the file."""
    for relation in docx.relations(docx.main_part):
        if relation.kind == "comments" and not relation.external and docx.has(relation.target):
            count = sum(1 for _ in docx.tree(relation.target).iter(w("comment")))
            if count:
                problem = f"有批注（{count} 条，正文里已无位置），会随 DOCX 一起发出去"
                yield Problem("", problem, advice="在“审阅”里删除全部批注，再另存")


def _revisions(places: Places) -> list[Problem]:
    marks = [mark for mark in places.story.root.iter(etree.Element) if _is_revision(mark)]
    # Of a change in a change, the outer one is what a person accepts.
    marks = [mark for mark in marks if not any(map(_is_revision, mark.iterancestors()))]
    return places.problems(marks, f"有 {len(marks)} 处未接受的修订", _ACCEPT)


def _is_revision(element: Element) -> bool:
    name = etree.QName(element)
    if name.localname in _REVISIONS:
        return True
    return name.namespace == W_NAMESPACE and name.localname.endswith(_CHANGE)


def _settings(docx: DocxFile) -> Iterator[Problem]:
    if not docx.has(_SETTINGS):
        return
    settings = docx.tree(_SETTINGS)
    if is_on(settings.find(w("trackRevisions"))):
        problem = "“修订”功能开着，以后的改动都会留下修订痕迹"
        yield Problem(_SETTINGS_LABEL, problem, advice="在“审阅”里关掉“修订”，再保存")
    protection = settings.find(w("documentProtection"))
    if protection is not None and is_on(protection, w("enforcement")) and _enforced(protection):
        kind = _PROTECTIONS.get(protection.get(w("edit"), ""), "格式受限")
        problem = f"设了“限制编辑”（{kind}），发出去的 DOCX 也受限制"
        yield Problem(_SETTINGS_LABEL, problem, advice="在“审阅”的“限制编辑”里停止保护，再保存")
    if settings.find(w("writeProtection")) is not None:
        problem = "设了修改密码，或“建议以只读方式打开”，发出去的 DOCX 也是这样"
        yield Problem(_SETTINGS_LABEL, problem, advice="另存为时在“工具—常规选项”里去掉，再保存")
    if settings.find(w("mailMerge")) is not None:
        problem = "是邮件合并的主文档，打开时会去找数据源"
        yield Problem(_SETTINGS_LABEL, problem, advice="在“邮件”里改为“普通 Word 文档”，再保存")


def _enforced(protection: Element) -> bool:
    """Protection that is not named as enforced is only prepared (17.15.1.29)."""
    return protection.get(w("enforcement")) is not None


def _finality(docx: DocxFile) -> Iterator[Problem]:
    if docx.has(_CUSTOM_PROPERTIES) and b"_MarkAsFinal" in docx.read(_CUSTOM_PROPERTIES):
        problem = "标记为“最终状态”，打开时提示不要编辑"
        yield Problem("文档属性", problem, advice="在“文件—信息”里取消“标记为最终状态”，再保存")
    if any(name.startswith("_xmlsignatures/") for name in docx.part_names):
        problem = "模板带数字签名，填写后签名必然失效"
        yield Problem("", problem, advice="在“文件—信息”里删除签名，再保存")
