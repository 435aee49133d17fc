"""Uploaded files, for whoever may see the place they belong to."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from organizations.models import StoredFile
from organizations.services.files import IMAGES


@require_GET
def stored_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a file: images to look at, everything else to be saved."""
    visible = StoredFile.objects.visible_to(request.user).exclude(file="")
    stored = get_object_or_404(visible, pk=pk)
    try:
        file = stored.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    is_image = stored.content_type in IMAGES
    response = FileResponse(
        file,
        as_attachment=not is_image,
        filename=stored.original_name,
        content_type=stored.content_type if is_image else "application/octet-stream",
    )
    # Whatever the bytes are, the browser runs nothing of them.
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
