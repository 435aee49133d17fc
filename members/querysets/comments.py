"""Reads of residents' comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from members.choices.comments import CommentState
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class ResidentCommentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ResidentCommentQuerySet:
        """Comments kept by organizations where `user` sees members.

        Not wherever the member is seen: another branch of his reads nothing of it.
        """
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def unanswered(self) -> ResidentCommentQuerySet:
        return self.filter(state__in=[CommentState.RECEIVED, CommentState.HANDLING])
