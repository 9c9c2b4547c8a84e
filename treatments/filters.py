"""Choosing a treatment or a use in the address of a list; an address from before a merge is understood too."""

from __future__ import annotations

import django_filters
from django_filters.fields import ModelChoiceField

from treatments.forms import LedOn


class _Field(LedOn, ModelChoiceField):
    pass


class AddressFilter(django_filters.ModelChoiceFilter):
    """For querysets of treatments or of uses, by slug."""

    field_class = _Field
