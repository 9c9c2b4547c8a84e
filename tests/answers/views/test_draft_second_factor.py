"""A draft is a doctor's text like the answer it becomes: nobody reads, changes or drops it on a password alone."""

from typing import Any

import pytest
from django.test import Client

from answers.drafts import draft_of, save_draft
from tests.factories import DoctorFactory, QuestionFactory

pytestmark = pytest.mark.django_db
SECRET = "Words of a draft"


@pytest.mark.parametrize("name", ["draft", "draft/discard"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_draft_needs_the_second_factor(client: Client, settings: Any, name: str, method: str) -> None:
    settings.SECOND_FACTOR = True
    question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
    save_draft(question=question, by=doctor.user, fields={"body": SECRET}, version=0, edits=False)
    client.force_login(doctor.user)
    response = getattr(client, method)(f"/questions/{question.pk}/{name}/", {"body": "Mine"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/")
    kept = draft_of(doctor=doctor, question=question)
    assert kept is not None
    assert kept.fields["body"] == SECRET
