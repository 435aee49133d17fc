"""Warnings of projects of community services: posts that nobody takes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from activities.models import ServicePost
from activities.parameters.projects import FREE_DAYS
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right


def _free(user: Any, today: date) -> QuerySet[ServicePost]:
    longest = today - timedelta(days=parameters.get(FREE_DAYS))
    return (
        ServicePost.objects.kept_by(user)
        .free()
        .filter(free_since__lt=longest)
        .select_related("project")
        .order_by("free_since", "pk")
    )


def _free_item(post: ServicePost, today: date) -> AlertItem:
    return AlertItem(
        organization_id=post.project.organization_id,
        label=f"{post.project}：{post}",
        url=post.project.get_absolute_url(),
        due_on=post.free_since + timedelta(days=parameters.get(FREE_DAYS)),
        detail=f"空{post.places - post.filled}个岗位，可以推荐给下岗失业党员",
    )


register_alert(
    Alert(
        key="activities.post_free",
        name="服务项目岗位久空",
        level="info",
        definition="在办服务项目的岗位，从设立或者最近一次有人离岗起，空了超过规定天数的。",
        source="街道经验材料《街道党建创新》：开发社区服务产业；天数为本街道设定",
        right=Right.EDIT_MEMBERS,
        queryset=_free,
        item=_free_item,
        parameters=(FREE_DAYS,),
    )
)
