"""The form of a post in the admin."""

from django import forms

from organizations.models import Post


class PostForm(forms.ModelForm):
    """ModelAdmin narrows the choices; see ScopedModelAdmin."""

    class Meta:
        model = Post
        fields = [
            "user",
            "role",
            "organization",
            "work_unit",
            "starts_on",
            "ends_on",
        ]
        help_texts = {
            "organization": "单位联络人不填，其他角色必填。",
            "work_unit": "只有单位联络人填写。",
            "ends_on": "含当日；不填为长期。",
        }
