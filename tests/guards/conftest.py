"""A small site with one of everything, and somebody in every role."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from tests.factories import UserFactory, moderator, senior
from tests.worlds import one_of_everything


@pytest.fixture
def world(db: None) -> dict:
    return one_of_everything()


@pytest.fixture
def people(world: dict) -> dict[str, User | AnonymousUser]:
    return {
        "anonymous": AnonymousUser(),
        "patient": world["patient_user"],
        "unverified": world["unverified"].user,
        "verified": world["verified"].user,
        "suspended": world["suspended"].user,
        "moderator": moderator(),
        "senior": senior(),
        "administrator": UserFactory(is_staff=True, is_superuser=True),
    }
