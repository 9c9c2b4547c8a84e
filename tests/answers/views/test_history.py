"""Every published version of an answer."""

import pytest

from answers.services import edit_answer
from core.enums import State
from core.moderation import transition
from tests.factories import AnswerFactory, moderator

pytestmark = pytest.mark.django_db
ANSWER = {"stance": "against", "reason": "safety", "confidence": "high", "body": "New words."}


def test_versions_stand_latest_first_and_a_hidden_one_nowhere(client) -> None:
    answer, someone = AnswerFactory(pending=True, summary="The first word."), moderator()
    transition(answer, to=State.PUBLISHED, by=someone)
    transition(edit_answer(answer=answer, by=answer.doctor.user, summary="The second word.", **ANSWER),
               to=State.PUBLISHED, by=someone)  # fmt: skip
    edit_answer(answer=answer, by=answer.doctor.user, summary="The word that waits.", **ANSWER)
    html = client.get(f"/answers/{answer.pk}/history/").content.decode()
    assert (
        html.index("Version 2, the one in force")
        < html.index("The second word.")
        < html.index("The first word.")
    )
    assert "The word that waits." not in html


@pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
def test_an_answer_that_is_not_public_has_no_history(client, trait: str) -> None:
    assert client.get(f"/answers/{AnswerFactory(**{trait: True}).pk}/history/").status_code == 404
