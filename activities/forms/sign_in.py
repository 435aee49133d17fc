"""The forms of signing in by code."""

from django import forms


class SessionForm(forms.Form):
    title = forms.CharField(
        label="活动主题",
        max_length=100,
        required=False,
        help_text="选填；记录活动时还可以改。",
    )


class SignInForm(forms.Form):
    name = forms.CharField(
        label="姓名",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    last_four = forms.CharField(
        label="身份证号码最后四位",
        max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="最后一位是字母的，填 X。",
    )
    ticket = forms.CharField(widget=forms.HiddenInput)
