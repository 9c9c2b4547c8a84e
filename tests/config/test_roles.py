"""What moderators may do, and what they never may."""

import pytest
from django.contrib.auth.models import Group, Permission

from config.roles import GRANTS, MODERATORS, keep_moderators_group
from tests.factories import UserFactory, moderator

pytestmark = pytest.mark.django_db


def test_every_permission_of_the_table_exists_and_no_other_is_given() -> None:
    keep_moderators_group()
    held = {
        f"{p.content_type.app_label}.{p.codename}"
        for p in Group.objects.get(name=MODERATORS).permissions.select_related("content_type")
    }
    models = [(*label.split("."), actions) for label, actions in GRANTS.items()]
    wanted = {f"{app}.{action}_{model}" for app, model, actions in models for action in actions}
    assert held == wanted


def test_what_was_added_by_hand_goes_and_what_was_taken_comes_back() -> None:
    keep_moderators_group()
    group = Group.objects.get(name=MODERATORS)
    before = set(group.permissions.all())
    group.permissions.set([Permission.objects.get(codename="delete_group")])
    keep_moderators_group()
    assert set(group.permissions.all()) == before
    assert Group.objects.filter(name=MODERATORS).count() == 1


@pytest.mark.parametrize(
    "permission",
    [
        "accounts.change_user",
        "accounts.delete_user",
        "auth.change_group",
        "auth.change_permission",
        "core.change_auditentry",
        "core.delete_auditentry",
        "questions.change_question",
        "questions.delete_question",
        "answers.change_answer",
        "answers.add_answer",
        "doctors.delete_doctor",
        "doctors.change_verification",
        "doctors.delete_verification",
    ],
)
def test_a_moderator_rewrites_nobody_and_deletes_nothing_that_was_decided(permission: str) -> None:
    """T-AZ-10"""
    assert not moderator().has_perm(permission)


@pytest.mark.parametrize("model", ["questions.{}_question", "answers.{}_answer", "doctors.{}_doctor"])
def test_a_moderator_reads_and_decides_and_others_do_not(model: str) -> None:
    someone, person = moderator(), UserFactory()
    for action in ("view", "moderate"):
        assert someone.has_perm(model.format(action))
        assert not person.has_perm(model.format(action))
