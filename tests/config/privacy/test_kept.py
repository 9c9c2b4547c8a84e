"""The table of what is kept covers every model that leads to a person: nobody adds one unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Field, Model

from accounts.models import User
from config.privacy.kept import BY_MODEL, KEPT


def links(model: type[Model]) -> Iterator[Field]:
    """Its own keys, one to many and many to many, to other rows."""
    return (
        field
        for field in model._meta.get_fields()
        if not field.auto_created and getattr(field, "remote_field", None)
    )


def leads_to_people() -> set[str]:
    """Models with a key to an account, to something somebody owns, or that name their object without a key."""
    people = {kept.model for kept in KEPT if kept.own}
    return {
        model._meta.label_lower
        for model in apps.get_models()
        if any(
            link.related_model is User or link.related_model._meta.label_lower in people
            for link in links(model)
        )
        or any(field.name == "object_type" for field in model._meta.concrete_fields)
    } | {"accounts.user", "accounts.erasure"}


def test_every_model_that_leads_to_a_person_is_in_the_table() -> None:
    assert leads_to_people() - BY_MODEL.keys() == set()
    assert {label for label in BY_MODEL if apps.get_model(label) is None} == set()


def test_every_key_to_an_account_is_either_its_owner_or_whoever_decided() -> None:
    undecided = [
        f"{model._meta.label_lower}.{link.name}"
        for model in apps.get_models()
        for link in links(model)
        if link.related_model is User
        and link.name != BY_MODEL[model._meta.label_lower].own
        and link.name not in BY_MODEL[model._meta.label_lower].staff
    ]
    assert undecided == []


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.model)
def test_each_row_of_the_table_says_all_a_person_may_ask(kept) -> None:
    assert bool(kept.own) != bool(kept.not_copied)
    fields = {field.name for field in apps.get_model(kept.model)._meta.get_fields()}
    assert {*kept.hidden, *kept.staff} <= fields
    # who decided is somebody else's name
    assert not kept.own or set(kept.staff) <= set(kept.hidden)
