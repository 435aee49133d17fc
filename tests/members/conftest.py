import pytest
from django.urls import reverse

from members.models import RosterBatch
from tests.members.roster_files import write_roster
from tests.members.roster_steps import mapping_data, run_jobs, send_file


@pytest.fixture
def upload(tmp_path, client_for):
    """Return a function that uploads people as a user and gives the answer."""

    def send(user, organization, *people, kind="on_roll", **layout):
        path = write_roster(tmp_path / "名册.xlsx", *people, **layout)
        return send_file(client_for(user), organization, path, kind=kind)

    return send


@pytest.fixture
def checked(upload, client_for):
    """Return a function that takes people as far as the preview."""

    def go(user, organization, *people, **options):
        people = [{"所在党支部": organization.name} | row for row in people]
        answer = upload(user, organization, *people, **options)
        assert answer.status_code == 302, answer.content.decode()
        batch = RosterBatch.objects.latest("uploaded_at")
        client = client_for(user)
        url = reverse("members:roster-mapping", args=[batch.pk])
        answer = client.post(url, mapping_data(batch))
        assert answer.status_code == 302, answer.content.decode()
        run_jobs()
        batch.refresh_from_db()
        return batch, client

    return go
