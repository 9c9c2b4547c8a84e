"""The groups of moderators and senior moderators, with exactly what they need; brought in line after every migrate."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

MODERATORS = "Moderators"
SENIORS = "Senior moderators"

# What a moderator may do, per model; nobody gets delete, and nobody but administrators sees permissions.
GRANTS: dict[str, tuple[str, ...]] = {
    "core.auditentry": ("view",),
    "core.report": ("view", "moderate"),
    "core.reason": ("view",),
    "core.holdrule": ("add", "change", "view"),
    "questions.question": ("view", "moderate"),
    "questions.questionrevision": ("view", "moderate"),
    "answers.answer": ("view", "moderate"),
    "answers.answerrevision": ("view", "moderate"),
    "answers.secondopinion": ("view", "moderate"),
    "answers.factasked": ("view", "moderate"),
    "answers.factgiven": ("view", "moderate"),
    "doctors.doctor": ("add", "change", "view", "moderate"),
    "doctors.doctorrevision": ("view", "moderate"),
    "doctors.portrait": ("view", "moderate"),
    "doctors.case": ("view", "moderate"),
    "doctors.reviewentry": ("view", "moderate"),
    "doctors.reviewreply": ("view", "moderate"),
    "doctors.visitproof": ("view", "moderate"),
    "doctors.credential": ("add", "change", "view"),
    "doctors.practiceplace": ("add", "change", "delete", "view"),
    "doctors.verification": ("view",),
    "doctors.specialty": ("view", "change"),
    "treatments.treatment": ("add", "change", "view"),
    "treatments.treatmentsynonym": ("add", "change", "delete", "view"),
    "treatments.treatmentuse": ("add", "change", "view"),
    "treatments.labelstatus": ("add", "change", "view"),
    "treatments.caution": ("add", "change", "view"),
    "treatments.term": ("add", "change", "view"),
    "treatments.safetynotice": ("add", "change", "view"),
    "treatments.source": ("add", "change", "view"),
    "treatments.bodyarea": ("view",),
    "accounts.user": ("view",),
    "accounts.sanction": ("view",),
}
# What a senior moderator may do besides.
SENIOR_GRANTS: dict[str, tuple[str, ...]] = {
    "core.accessentry": ("view",),
    "core.appeal": ("view", "moderate"),
    "core.reason": ("add", "change"),
    "accounts.sanction": ("add",),
    "doctors.doctor": ("verify",),
    "doctors.profileclaim": ("view", "moderate"),
    "doctors.verification": ("add",),
}


def granted(grants: dict[str, tuple[str, ...]]) -> Q:
    """The permissions of ``grants`` as one condition."""
    condition = Q(pk__in=[])
    for label, actions in grants.items():
        app, model = label.split(".")
        condition |= Q(content_type__app_label=app, codename__in=[f"{action}_{model}" for action in actions])
    return condition


def keep_moderators_group(**_: Any) -> None:
    """Runs after each app's migrations; permissions that do not exist yet come with a later call."""
    everyday, senior = granted(GRANTS), granted(GRANTS) | granted(SENIOR_GRANTS)
    for name, condition in ((MODERATORS, everyday), (SENIORS, senior)):
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(condition))
