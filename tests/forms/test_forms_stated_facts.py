"""Sentences of the forms that state facts: each is one the case has to say, or was looked at and states none."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.template.docx_file import DocxFile
from forms.template.text import document_text

FORMS = Catalogue.load().forms
#: Words by which a sentence says that something was done, decided or found.
_STATES = re.compile(r"已|完毕|通过|同意|受理|批准(?!文件|书)|现作|经审|经核|该项目为|属于|符合|特此|未按")
_TAG = re.compile(r"\{[{%].*?[%}]\}")
#: Sentences that were looked at: labels, what the signer promises or receives, what a rule at issue waits for.
_LOOKED_AT = {
    "受理条件",
    "未按时限完成的事项",
    "根据阳城县化工项目“五办”代办服务机制，现对未按时限完成的事项进行督办通报",
    "附件：未按时限完成的事项",
    "已移交材料如下：",
    "同意不同意补正后同意",
    "有关资料已向项目单位移交，移交资料如下：",
    "1.投资项目不符合相关法律法规和政策要求",
    "2.申请材料不符合法定条件、标准，且不能补正",
    # Counts and labels of what the cases say.
    "已办完",
    "已报进展",
    ".：牵头项举措，已报进展项",
    "已完成的审批事项",
    "批准文号",
    "二、已采取的措施",
    # Papers of an occasion: what they state is required at issue, and their data are recorded by a person.
    "项目不符合政策告知书",
    "经论证，该项目不符合政策，情形如下：",
    "你单位承办的“”，经年月日催办后仍未按时限落实到位",
    "你单位阶段的下列审批事项已办结，现告知审批结果，并送达相关证照文件：",
    "特此告知",
    "特此报告",
    "特此汇报",
    "市级节能主管部门出具项目是否符合本市(设区市)能源总量和强度“双控”目标的意见",
}


def _sentences(form: FormDefinition) -> Iterator[str]:
    with DocxFile(form.template, form.id) as docx:
        texts = [document_text(story.root) for story in docx.stories()]
    for text in texts:
        for sentence in re.split(r"[。；;\n\t]", _TAG.sub("", text)):
            if _STATES.search(sentence):
                yield re.sub(r"\s", "", sentence)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_sentence_that_states_a_fact_waits_for_the_case(form: FormDefinition) -> None:
    """A form's sentence that states a fact is one of its ``[[fact]]``, or was looked at and needs none."""
    stated = [re.sub(r"\s", "", fact.sentence) for fact in form.facts]
    unasked = [
        sentence
        for sentence in _sentences(form)
        if sentence not in _LOOKED_AT and not any(fact in sentence for fact in stated)
    ]
    assert unasked == []


def test_stated_facts_are_in_their_templates() -> None:
    """What a form says it states, its template prints."""
    for form in FORMS:
        with DocxFile(form.template, form.id) as docx:
            printed = re.sub(r"\s", "", "".join(document_text(story.root) for story in docx.stories()))
        for fact in form.facts:
            assert re.sub(r"\s", "", fact.sentence) in printed, form.id
