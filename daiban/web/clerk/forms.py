"""What people send from this door's pages: forms, and numbers in addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

_LONGEST_REASON = 300


class AnswerForm(forms.Form):
    """An answer about a document or one finding, with what the person had before them."""

    answer = forms.ChoiceField(choices=[("accept", "收下"), ("reject", "退回")])
    reason = forms.CharField(
        label="原因",
        required=False,
        max_length=_LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    finding = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    generation = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class UndoForm(forms.Form):
    """Taking back the latest decision."""

    reason = forms.CharField(label="原因", required=False, max_length=_LONGEST_REASON)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label="原因",
        max_length=_LONGEST_REASON,
        error_messages={"required": "请写明原因，记在登记库里"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PageForm(ReasonForm):
    """Something about an unplaced page, with the latest decision about it that the person had before them."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class AwayForm(ReasonForm):
    """Taking a page out of a document, with the state of the return that the person had before them."""

    generation = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class PlaceForm(PageForm):
    """Where an unplaced page belongs."""

    issue = forms.CharField(
        label="文书编号", max_length=12, error_messages={"required": "请写文书编号，或选一个可能的位置"}
    )
    number = forms.IntegerField(label="第几页", min_value=1, error_messages={"required": "请写是第几页"})

    def clean_issue(self) -> str:
        """As the registry has it."""
        return str(self.cleaned_data["issue"]).strip().upper()


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file."""
        given = (list(data) if isinstance(data, (list, tuple)) else [data]) or [None]
        return [super(_FilesField, self).clean(item, initial) for item in given]


class PileForm(forms.Form):
    """A pile of returned files."""

    pile = _FilesField(label="文件", error_messages={"required": "请先选文件"})


def say_errors(request: HttpRequest, form: forms.Form) -> None:
    """What is wrong with a form, as messages of the next page."""
    for errors in form.errors.values():
        messages.error(request, "；".join(map(str, errors)))


def whole_number(text: str | None, *, least: int) -> int:
    """A whole number out of an address; the least where it is none, or smaller."""
    return max(least, int(text)) if text and text.isdecimal() and len(text) < 8 else least
