import base64
import copy

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from config.lib.crypto import (
    DecryptError,
    EncryptedTextField,
    blind_index,
    check_keys,
    decrypt,
    encrypt,
    reencrypt_queryset,
)

LABEL = "members.Member.id_number"
KEY_1 = base64.b64encode(b"1" * 32).decode()
KEY_2 = base64.b64encode(b"2" * 32).decode()
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@pytest.fixture
def keys(settings):
    """Give the test its own first key, and return a function that rotates."""
    settings.FIELD_ENCRYPTION_KEYS = {"k1": KEY_1}
    settings.FIELD_ENCRYPTION_ACTIVE = "k1"

    def rotate():
        settings.FIELD_ENCRYPTION_KEYS = {"k1": KEY_1, "k2": KEY_2}
        settings.FIELD_ENCRYPTION_ACTIVE = "k2"

    return rotate


@pytest.fixture
def person_model(db):
    with isolate_apps("tests.lib"):

        class Person(models.Model):  # noqa: DJ008
            code = models.IntegerField(primary_key=True)
            phone = EncryptedTextField(blank=True, max_length=20)
            note = EncryptedTextField(null=True)

            class Meta:
                app_label = "lib_tests"

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE lib_tests_person "
            "(code integer PRIMARY KEY, phone text NOT NULL, note text)"
        )
    return Person


def stored(column="phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM lib_tests_person ORDER BY code")
        return [row[0] for row in cursor.fetchall()]


@given(TEXTS)
def test_what_is_encrypted_opens_again(text):
    token = encrypt(text, LABEL)
    assert decrypt(token, LABEL) == text


def test_nothing_stays_nothing():
    assert encrypt("", LABEL) == ""
    assert decrypt("", LABEL) == ""


def test_the_same_text_never_gives_the_same_token():
    assert encrypt("13807988044", LABEL) != encrypt("13807988044", LABEL)


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_changed_byte_does_not_open(place, change):
    token = encrypt("13807988044", LABEL)
    key_id, encoded = token.split(".")
    sealed = bytearray(base64.urlsafe_b64decode(encoded + "=="))
    sealed[place % len(sealed)] ^= change
    forged = f"{key_id}.{base64.urlsafe_b64encode(bytes(sealed)).decode()}"
    with pytest.raises(DecryptError, match=LABEL):
        decrypt(forged, LABEL)


def test_a_token_of_another_field_does_not_open():
    with pytest.raises(DecryptError, match="comes from another field"):
        decrypt(encrypt("13807988044", "members.Member.phone"), LABEL)


@pytest.mark.parametrize("raw", ["13807988044", "k1.", "k1.%%%", "k1.QUJD", "a.b.c"])
def test_a_value_that_is_no_token_is_a_clear_error_without_the_value(raw):
    with pytest.raises(DecryptError) as caught:
        decrypt(raw, LABEL)
    assert LABEL in str(caught.value)
    assert raw not in str(caught.value)


def test_a_missing_key_is_named(keys, settings):
    keys()
    token = encrypt("雷芳", LABEL)
    settings.FIELD_ENCRYPTION_KEYS = {"k1": KEY_1}
    settings.FIELD_ENCRYPTION_ACTIVE = "k1"
    with pytest.raises(DecryptError, match="key 'k2' is not in FIELD_ENCRYPTION_KEYS"):
        decrypt(token, LABEL)


def test_an_old_token_opens_after_rotation_and_new_ones_use_the_new_key(keys):
    old = encrypt("雷芳", LABEL)
    keys()
    assert decrypt(old, LABEL) == "雷芳"
    assert encrypt("雷芳", LABEL).startswith("k2.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIELD_ENCRYPTION_KEYS", {"k1": "short"}),
        ("FIELD_ENCRYPTION_KEYS", {"k1": "not base64!"}),
        ("FIELD_ENCRYPTION_KEYS", {"K.1": KEY_1}),
        ("FIELD_ENCRYPTION_KEYS", {}),
        ("FIELD_ENCRYPTION_ACTIVE", "k9"),
        ("FIELD_INDEX_KEY", ""),
    ],
)
def test_unusable_keys_are_refused_by_name(keys, settings, name, value):
    setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        check_keys()


def test_blind_index_ignores_width_case_and_spaces():
    wanted = blind_index("11010519491231002X", purpose="id")
    assert len(wanted) == 43
    assert blind_index(" 110105 19491231 002x", purpose="id") == wanted
    assert blind_index("１１０１０５19491231002Ｘ", purpose="id") == wanted  # noqa: RUF001
    assert blind_index(" ", purpose="id") == ""


def test_blind_index_depends_on_value_purpose_and_key(settings):
    one = blind_index("13807988044", purpose="phone")
    assert blind_index("13807988045", purpose="phone") != one
    assert blind_index("13807988044", purpose="id") != one
    settings.FIELD_INDEX_KEY = KEY_1
    assert blind_index("13807988044", purpose="phone") != one


def test_field_stores_a_token_and_gives_text(person_model):
    person_model.objects.create(code=1, phone="13807988044")
    assert stored()[0].startswith("k1.")
    assert "13807988044" not in stored()[0]
    assert person_model.objects.get().phone == "13807988044"
    assert list(person_model.objects.values_list("phone", flat=True)) == ["13807988044"]


def test_empty_and_null_stay_as_they_are(person_model):
    person_model.objects.create(code=1, phone="", note=None)
    assert (stored(), stored("note")) == ([""], [None])
    person = person_model.objects.get()
    assert (person.phone, person.note) == ("", None)


def test_bulk_writes_and_updates_encrypt(person_model):
    people = [person_model(code=i, phone=f"1380000000{i}") for i in range(3)]
    person_model.objects.bulk_create(people)
    people[0].phone = "13900000000"
    person_model.objects.bulk_update(people[:1], ["phone"])
    person_model.objects.filter(code=1).update(phone="13900000001")
    assert all(token.startswith("k1.") for token in stored())
    phones = person_model.objects.order_by("code").values_list("phone", flat=True)
    assert list(phones) == ["13900000000", "13900000001", "13800000002"]


def test_a_token_written_by_copy_opens(person_model):
    field = person_model._meta.get_field("phone")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lib_tests_person (code, phone) VALUES (1, %s)",
            [field.to_token("13807988044")],
        )
    assert person_model.objects.get().phone == "13807988044"


@pytest.mark.parametrize(
    "condition",
    [
        {"phone": "13807988044"},
        {"phone__exact": "13807988044"},
        {"phone__iexact": ""},
        {"phone__in": [""]},
        {"phone__contains": "138"},
        {"phone__gt": ""},
        {"phone__lower": "a"},
        {"phone": models.F("note")},
    ],
)
def test_a_filter_that_could_find_nothing_is_refused(person_model, condition):
    with pytest.raises(FieldError, match="encrypted"):
        person_model.objects.filter(**condition)


def test_empty_and_null_can_be_asked_for(person_model):
    person_model.objects.create(code=1, phone="", note="困难")
    person_model.objects.create(code=2, phone="13807988044")
    people = person_model.objects
    assert people.get(phone="").code == 1
    assert people.exclude(phone="").get().code == 2
    assert people.get(note__isnull=True).code == 2
    assert people.get(note=None).code == 2


def test_a_history_copy_keeps_the_label_and_says_so_in_its_migration(person_model):
    field = person_model._meta.get_field("phone")
    assert field.label == "lib_tests.Person.phone"
    assert "label" not in field.deconstruct()[3]
    with isolate_apps("tests.lib"):

        class HistoricalPerson(models.Model):  # noqa: DJ008
            phone = copy.copy(field)

            class Meta:
                app_label = "lib_tests"

    history = HistoricalPerson._meta.get_field("phone")
    assert history.label == field.label
    assert history.deconstruct()[3]["label"] == field.label
    assert history.clone().label == field.label


@isolate_apps("tests.lib")
def test_children_of_an_abstract_model_have_their_own_labels():
    class Base(models.Model):
        phone = EncryptedTextField()

        class Meta:
            abstract = True

    class Child(Base):  # noqa: DJ008
        class Meta:
            app_label = "lib_tests"

    assert Child._meta.get_field("phone").label == "lib_tests.Child.phone"


@isolate_apps("tests.lib")
def test_a_unique_encrypted_field_fails_the_check():
    class Person(models.Model):  # noqa: DJ008
        phone = EncryptedTextField(unique=True)

        class Meta:
            app_label = "lib_tests"

    errors = Person._meta.get_field("phone").check()
    assert "lib.E001" in [error.id for error in errors]


def test_max_length_counts_the_text_and_not_the_token(person_model):
    person_model(code=1, phone="1" * 20, note="x").full_clean()
    with pytest.raises(ValidationError) as caught:
        person_model(code=1, phone="1" * 21, note="x").full_clean()
    assert list(caught.value.message_dict) == ["phone"]


def test_reencrypting_touches_only_stale_rows_and_can_be_repeated(keys, person_model):
    for code in range(1, 6):
        person_model.objects.create(code=code, phone=f"1380000000{code}", note="困难")
    person_model.objects.create(code=6, phone="", note=None)
    keys()
    person_model.objects.create(code=7, phone="13800000007", note="新")
    untouched = stored()[6]
    seen = []
    changed = reencrypt_queryset(
        person_model.objects.all(), ["phone", "note"], batch=2, progress=seen.append
    )
    assert (changed, seen) == (5, [2, 4, 5])
    assert stored()[6] == untouched
    assert stored()[5] == ""
    assert all(token.startswith("k2.") for token in stored()[:5] + stored("note")[:5])
    assert person_model.objects.get(code=3).phone == "13800000003"
    assert reencrypt_queryset(person_model.objects.all(), ["phone", "note"]) == 0


def test_reencrypting_resumes_after_an_interruption(keys, person_model):
    for code in range(1, 6):
        person_model.objects.create(code=code, phone=f"1380000000{code}")
    keys()

    def stop(total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reencrypt_queryset(
            person_model.objects.all(), ["phone"], batch=2, progress=stop
        )
    assert [token[:2] for token in stored()] == ["k2", "k2", "k1", "k1", "k1"]
    assert reencrypt_queryset(person_model.objects.all(), ["phone"], batch=2) == 3


def test_reencrypting_never_overwrites_a_row_saved_meanwhile(keys, person_model):
    for code in (1, 2):
        person_model.objects.create(code=code, phone=f"1380000000{code}")
    keys()
    saved = []

    def save_first(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and not saved:
            saved.append(True)
            person_model.objects.filter(code=1).update(phone="13999999999")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(save_first):
        changed = reencrypt_queryset(person_model.objects.all(), ["phone"])
    assert changed == 1
    assert person_model.objects.get(code=1).phone == "13999999999"
