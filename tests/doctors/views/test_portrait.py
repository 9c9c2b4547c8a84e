"""Pictures of profiles: only of those one may see, only under their own name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from doctors.models import Doctor
from tests.factories import DoctorFactory, moderator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def with_portrait(**fields: object) -> Doctor:
    doctor = DoctorFactory(**fields)
    doctor.portrait.save("3f9c.webp", ContentFile(b"RIFFpicture"))
    return doctor


def test_a_public_profile_shows_its_picture(client: Client) -> None:
    doctor = with_portrait(verified=True)
    response = client.get(doctor.portrait_url)
    assert b"".join(response.streaming_content) == b"RIFFpicture"
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert f'src="{doctor.portrait_url}"' in client.get(doctor.get_absolute_url()).content.decode()


def test_a_hidden_profile_shows_it_to_its_owner_and_moderators(
    client: Client, sign_in: Callable[..., Client]
) -> None:
    doctor = with_portrait(pending=True)
    assert client.get(doctor.portrait_url).status_code == 404
    for person in (doctor.user, moderator()):
        response = sign_in(person).get(doctor.portrait_url)
        assert b"".join(response.streaming_content) == b"RIFFpicture"
        assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name", ["other.webp", "..%2f..%2fsecret.txt", "%2e%2e", "3f9c.webp%20", "portraits%2f3f9c.webp"]
)
def test_no_other_name_leads_anywhere(client: Client, settings, name: str) -> None:
    doctor = with_portrait(verified=True)
    (settings.MEDIA_ROOT / "secret.txt").write_text("secret")
    assert client.get(f"/doctors/{doctor.slug}/portrait/{name}").status_code == 404


def test_a_file_that_is_gone_or_was_never_there_is_no_error(client: Client, settings) -> None:
    doctor = with_portrait(verified=True)
    url = doctor.portrait_url
    Path(doctor.portrait.path).unlink()
    assert client.get(url).status_code == 404
    assert client.get(f"/doctors/{DoctorFactory(verified=True).slug}/portrait/x.webp").status_code == 404
