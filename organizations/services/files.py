"""Uploads that are kept: checked by their content, images drawn anew."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import warnings
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from config.lib.errors import RuleError
from organizations.choices import FilePurpose
from organizations.models import Organization, StoredFile

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
CSV = "text/csv"
GEOJSON = "application/geo+json"

IMAGES = frozenset({JPEG, PNG, WEBP})
DOCUMENTS = IMAGES | {PDF}
SHEETS = frozenset({XLSX, XLS, CSV})

LABELS = {
    JPEG: "JPG",
    PNG: "PNG",
    WEBP: "WebP",
    PDF: "PDF",
    XLSX: "xlsx",
    XLS: "xls",
    CSV: "csv",
    GEOJSON: ".geojson 地图轮廓",
}
# Local rule, after 《个人信息保护法》第十九条: kept no longer than is needed.
SHEET_DAYS = 30
MAX_SIDE = 1600
# A phone's photo has 12 to 50 million pixels; more is an attack.
MAX_PIXELS = 64_000_000


def store_upload(
    *,
    upload: Any,
    purpose: str,
    organization: Organization,
    actor: Any,
    allowed_types: Collection[str],
    max_bytes: int,
) -> StoredFile:
    """Keep an uploaded file below MEDIA_ROOT under its id.

    The type is told by the content, never by the name. Images lose everything but
    their pixels, place and camera too, and are drawn at most 1,600 pixels wide.
    Raises RuleError with a Chinese sentence. The caller has asked the right.
    """
    if upload.size > max_bytes:
        raise RuleError(
            f"文件太大（{upload.size / 2**20:.1f} MB），"
            f"最大 {max_bytes / 2**20:.0f} MB，请压缩后再传。",
            code="too_big",
        )
    content = upload.read()
    if not content:
        raise RuleError("文件是空的，请重新选择。", code="empty")
    content_type = detect_type(content)
    if content_type not in allowed_types:
        names = "、".join(LABELS[t] for t in LABELS if t in allowed_types)
        raise RuleError(
            f"文件的内容不是 {names}（只改扩展名不行），请换一个文件。", code="type"
        )
    if content_type in IMAGES:
        content, content_type = redraw(content)
    stored = StoredFile(
        original_name=clean_name(upload.name),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=purpose,
        organization=organization,
        uploaded_by=actor,
    )
    stored.file.save("upload", ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def expire_sheets(now: datetime) -> int:
    """Delete rosters and registers uploaded `SHEET_DAYS` ago; return how many.

    The row stays: whose file it was, when, and its hash.
    """
    old = StoredFile.objects.filter(
        purpose__in=[
            *(FilePurpose.ROSTER, FilePurpose.REGISTER),
            *(FilePurpose.SLIPS, FilePurpose.HOUSEHOLDS, FilePurpose.REGISTRY),
            FilePurpose.MAP,
        ],
        uploaded_at__lt=now - timedelta(days=SHEET_DAYS),
    ).exclude(file="")
    count = 0
    for stored in old.iterator():
        stored.file.storage.delete(str(stored.file.name))
        count += StoredFile.objects.filter(pk=stored.pk).update(file="")
    return count


def require_kept(stored: StoredFile) -> None:
    """Raise RuleError when the file's time has passed and only its row is left."""
    if not stored.file:
        raise RuleError(
            f"上传的原件已过期删除（保留 {SHEET_DAYS} 天），请重新上传。",
            code="expired",
        )


def sweep_strays(now: datetime) -> int:
    """Delete files older than a day that no row names; return how many.

    They stay behind when the transaction of an upload is rolled back.
    """
    limit = (now - timedelta(days=1)).timestamp()
    root, count = Path(settings.MEDIA_ROOT), 0
    for purpose in FilePurpose.values:
        for folder in sorted((root / purpose).glob("[0-9a-f][0-9a-f]")):
            old = {
                str(path.relative_to(root)): path
                for path in folder.iterdir()
                if path.stat().st_mtime < limit
            }
            known = StoredFile.objects.filter(file__in=old)
            for name in set(old) - set(known.values_list("file", flat=True)):
                old[name].unlink(missing_ok=True)
                count += 1
    return count


def detect_type(content: bytes) -> str:
    """Return the type that the content itself shows, "" when it is none of ours."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return XLS
    if content.startswith(b"PK\x03\x04"):
        return XLSX if _is_workbook(content) else ""
    if not _is_text(content):
        return ""
    is_object = content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    return GEOJSON if is_object else CSV


def redraw(content: bytes) -> tuple[bytes, str]:
    """Return the picture drawn anew, and its type: PNG stays, the rest is JPEG."""
    bad = RuleError(
        "图片已损坏或不是正常的图片，请重新拍照或另存后再传。", code="image"
    )
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a bomb up to twice its limit.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(
                io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]
            )
            if picture.width * picture.height > MAX_PIXELS:
                raise RuleError("图片尺寸太大，请缩小后再传。", code="pixels")
            is_png = picture.format == "PNG"
            # A JPEG is decoded at a fraction where that is enough.
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            picture = picture.convert("RGBA" if is_png else "RGB")
    except RuleError:
        raise
    except Exception as error:
        # Decoders of hostile files raise whatever they like.
        raise bad from error
    # A new image: nothing of the old one's metadata is carried over.
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    output = io.BytesIO()
    if is_png:
        clean.save(output, "PNG", optimize=True)
        return output.getvalue(), PNG
    clean.save(output, "JPEG", quality=85)
    return output.getvalue(), JPEG


def clean_name(name: str) -> str:
    """Return the file's own name without folders and invisible characters."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    return visible[-255:] or "未命名"


def _is_workbook(content: bytes) -> bool:
    # The name stands in the file's directory in clear; opening a stranger's archive
    # is left to the sandbox of config.lib.xlsx.
    return content.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in content


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(c < " " and c not in "\t\r\n" for c in text[:4096])
    return False
