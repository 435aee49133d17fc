"""Uploads: told by their content, stripped, and seen only in scope."""

import io
import struct
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from config.lib.errors import RuleError
from organizations.models import StoredFile
from organizations.services import files
from organizations.services.files import CSV, DOCUMENTS, PDF, SHEETS, XLS, XLSX
from tests.conftest import login

MB = 2**20


def picture(size=(40, 30), kind="JPEG", **options) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, "red").save(output, kind, **options)
    return output.getvalue()


def archive(*names: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return output.getvalue()


def bomb() -> bytes:
    """Return a PNG of a few hundred bytes that claims 50,000 by 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", b"x"), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.fixture
def store(branch_a1, branch_secretary):
    def run(content, name="photo.jpg", allowed=DOCUMENTS, max_bytes=MB):
        return files.store_upload(
            upload=SimpleUploadedFile(name, content),
            purpose="photo",
            organization=branch_a1,
            actor=branch_secretary,
            allowed_types=allowed,
            max_bytes=max_bytes,
        )

    return run


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (picture(), "image/jpeg"),
        (picture(kind="PNG"), "image/png"),
        (picture(kind="WEBP"), "image/webp"),
        (b"%PDF-1.7\n", PDF),
        (archive("xl/workbook.xml"), XLSX),
        (archive("word/document.xml"), ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLS),
        ("姓名,电话\n".encode("gb18030"), CSV),
        ("姓名,电话\n".encode(), CSV),
        (b"MZ\x90\x00\x03", ""),
        (b"PK\x03\x04 not an archive", ""),
    ],
)
def test_the_content_tells_the_type(content, expected):
    assert files.detect_type(content) == expected


def test_a_photo_loses_where_and_with_what_it_was_taken(store):
    exif = Image.Exif()
    exif[0x010F] = "PlantedCamera"
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)
    stored = store(picture(exif=exif.tobytes()))
    content = stored.file.open("rb").read()
    assert b"PlantedCamera" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    assert len(content) == stored.size


def test_a_photo_taken_upright_stays_upright(store):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    stored = store(picture((40, 20), exif=exif.tobytes()))
    assert Image.open(stored.file.open("rb")).size == (20, 40)


def test_a_large_photo_is_drawn_smaller(store):
    stored = store(picture((3200, 1000)), max_bytes=9 * MB)
    assert Image.open(stored.file.open("rb")).size == (1600, 500)


def test_the_name_on_disk_tells_nothing(store):
    stored = store(picture(), name="../../雷芳 体检.jpg")
    assert stored.original_name == "雷芳 体检.jpg"
    assert stored.file.name == f"photo/{stored.pk.hex[:2]}/{stored.pk.hex}"


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", {}, "文件是空的"),
        (picture(), {"max_bytes": 10}, "文件太大"),
        (b"MZ\x90\x00", {}, "内容不是 JPG、PNG、WebP、PDF"),
        (picture(), {"allowed": SHEETS}, "内容不是 xlsx、xls、csv"),
        (b"<svg onload='alert(1)'/>", {}, "内容不是"),
        (b"\xff\xd8\xff\xe0 cut off", {}, "图片已损坏"),
        (picture()[:200], {}, "图片已损坏"),
        (bomb(), {}, "图片"),
    ],
)
def test_a_bad_file_is_refused_in_words(store, content, options, message):
    with pytest.raises(RuleError, match=message):
        store(content, **options)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a\x00b.pdf", "ab.pdf"),
        ("C:\\机密\\表.xlsx", "表.xlsx"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "未命名"),
    ],
)
def test_names_lose_folders_and_invisible_characters(name, expected):
    assert files.clean_name(name) == expected


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("branch_secretary", 200),
        ("community_secretary", 200),
        ("committee_staff", 200),
        ("secretary_b", 404),
        ("sysadmin", 404),
        ("auditor", 404),
        ("unit_contact", 404),
        ("outsider", 404),
        ("expired", 404),
    ],
)
def test_a_file_is_there_only_in_scope(client, store, request, who, status):
    stored = store(picture())
    login(client, request.getfixturevalue(who))
    assert client.get(f"/organizations/files/{stored.pk}/").status_code == status


def test_an_image_is_shown_and_a_document_saved(client, store, branch_secretary):
    login(client, branch_secretary)
    image = client.get(f"/organizations/files/{store(picture()).pk}/")
    document = client.get(f"/organizations/files/{store(b'%PDF-1.7').pk}/")
    assert image["Content-Disposition"].startswith("inline")
    assert document["Content-Disposition"].startswith("attachment")
    assert document["Content-Type"] == "application/octet-stream"
    for response in (image, document):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]


def test_what_a_rollback_left_behind_is_swept_after_a_day(store):
    kept, stray = store(picture()), store(picture())
    StoredFile.objects.filter(pk=stray.pk).delete()
    assert files.sweep_strays(timezone.now()) == 0
    files.sweep_strays(timezone.now() + timedelta(days=1, minutes=1))
    assert (Path(settings.MEDIA_ROOT) / kept.file.name).exists()
    assert not (Path(settings.MEDIA_ROOT) / stray.file.name).exists()


def test_a_roster_goes_after_its_time_and_its_row_stays(store):
    roster, evidence = store(b"%PDF-1.7"), store(b"%PDF-1.7")
    StoredFile.objects.filter(pk=roster.pk).update(purpose="roster")
    soon, late = (timezone.now() + timedelta(days=n) for n in (29, 31))
    assert files.expire_sheets(soon) == 0
    assert [files.expire_sheets(late), files.expire_sheets(late)] == [1, 0]
    assert not (Path(settings.MEDIA_ROOT) / roster.file.name).exists()
    assert (Path(settings.MEDIA_ROOT) / evidence.file.name).exists()
    left = StoredFile.objects.get(pk=roster.pk)
    assert left.sha256 == roster.sha256
    with pytest.raises(RuleError, match="已过期删除"):
        files.require_kept(left)
