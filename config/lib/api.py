"""The one base of the API: scoped querysets, keyset pages, no writes."""

from rest_framework.viewsets import ReadOnlyModelViewSet


class ScopedReadOnlyViewSet(ReadOnlyModelViewSet):
    """Rows of `queryset.model` that the requester may see; others are 404."""

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)
