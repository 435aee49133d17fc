"""Login, passwords and two-step verification; names without a namespace."""

urlpatterns = []
