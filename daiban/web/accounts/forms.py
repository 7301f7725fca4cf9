"""What an administrator says of an account."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import Group

from daiban.web.access import Role
from daiban.web.accounts.models import Account


class AccountForm(forms.ModelForm[Account]):
    """Login, name and roles. The password is made by the program and handed out."""

    roles = forms.MultipleChoiceField(
        label="角色",
        choices=[(role.value, role.value) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        help_text="经办：案件、花名册、出具；档案：收件、核对、归档；管理员：账户、日志，并可做其他角色的一切",
    )

    class Meta:
        """Of an account."""

        model = Account
        fields = ("username", "first_name")
        labels = {"username": "用户名", "first_name": "姓名"}
        help_texts = {"username": "登录用，字母、数字或汉字；定了以后不要改，操作日志里记的是它"}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["first_name"].required = True
        if self.instance.pk is not None:
            self.fields["username"].disabled = True
            self.initial["roles"] = [group.name for group in self.instance.groups.all()]

    def save(self, commit: bool = True) -> Account:
        """The account with its roles."""
        account = super().save(commit)
        account.groups.set(Group.objects.filter(name__in=self.cleaned_data["roles"]))
        return account
