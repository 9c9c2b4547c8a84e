"""The catalogue: what a treatment is, what it is called, what it is used for, and what its label says.

What was merged into another treatment has no row any more: its addresses lead on from :class:`TreatmentRedirect`.
"""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from treatments.enums import CautionKind, Jurisdiction, Kind, Status, SynonymKind


class BodyArea(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """A public document that a fact of the catalogue rests on."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=160)
    url = models.URLField(max_length=500, blank=True)
    dated = models.CharField(
        max_length=10, blank=True, help_text="The document's own date: YYYY, YYYY-MM or YYYY-MM-DD"
    )

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return f"{self.title} ({self.dated})" if self.dated else self.title


class TreatmentQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Reviewed by an editor. What an import created stays out of sight until somebody has."""
        return self.filter(is_reviewed=True)


class Treatment(models.Model):
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    generic = models.CharField("generic name", max_length=120, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PROCEDURE)
    body_areas = models.ManyToManyField(BodyArea, related_name="treatments", blank=True)
    summary = models.CharField(max_length=240, blank=True)
    description = models.TextField(blank=True, help_text="Markdown")
    description_html = models.TextField(blank=True, editable=False)
    is_prescription_only = models.BooleanField("prescription only", null=True, blank=True)
    review_interval_months = models.PositiveSmallIntegerField(default=24)
    emergency_signs = models.CharField(max_length=400, blank=True)
    emergency_source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    is_reviewed = models.BooleanField("reviewed by an editor", default=False)
    former_slugs = models.JSONField(
        default=list, editable=False, help_text="Of what was merged into it; red flags know it by those too"
    )

    objects = TreatmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="treatments_treatment_name_is_unique"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="treatments_treatment_is_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(emergency_signs="") | Q(emergency_source__isnull=False),
                name="treatments_treatment_emergency_signs_have_a_source",
                violation_error_message="Emergency signs need the document they come from.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("treatments:guide", args=[self.slug])

    def clean(self) -> None:
        """The database refuses it too; here it is said in words."""
        taken = TreatmentRedirect.objects.filter(slug=self.slug).select_related("target").first()
        if taken:
            raise ValidationError(
                {"slug": f"This address leads to {taken.target}, into which it was merged."}
            )

    @property
    def slugs(self) -> list[str]:
        """Its own and those of what was merged into it."""
        return [self.slug, *self.former_slugs]

    @property
    def emergency(self) -> Treatment | None:
        """Whose emergency signs hold here: the treatment's own, else those of the nearest of its families."""
        return next((owner for owner in family_of(self) if owner.emergency_signs), None)


def family_of(treatment: Treatment) -> list[Treatment]:
    """Whose cautions, emergency signs and notices hold for a treatment: its own, then its families', nearest first.

    Families lie two deep (a brand, its group, all fillers); those no editor has reviewed do not speak. No query
    where ``parent__parent`` is loaded.
    """
    near = treatment.parent
    above = [near, near.parent] if near else []
    return [treatment, *(family for family in above if family and family.is_reviewed)]


class TreatmentRedirect(models.Model):
    """A treatment that was merged into another one, where its addresses lead at once.

    No address is live and redirected at once: a trigger refuses that (migration ``treatments.0004``).
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120, help_text="Old files of threads name it so")
    former_pk = models.BigIntegerField(unique=True, help_text="Its number, under which its trail is kept")
    target = models.ForeignKey(Treatment, models.PROTECT, related_name="redirects")

    class Meta:
        ordering = ["slug"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.slug} → {self.target.slug}"


class Merged(models.Model):
    """Something that may have come with a merge; the files of the catalogue leave it alone."""

    came_with = models.ForeignKey(
        TreatmentRedirect, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class TreatmentSynonym(Merged):
    treatment = models.ForeignKey(Treatment, models.CASCADE, related_name="synonyms")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=SynonymKind.choices)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                "treatment", Lower("name"), name="treatments_treatmentsynonym_once_per_treatment"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TreatmentUse(models.Model):
    """One thing a treatment is used for: the unit of label status and of consensus."""

    treatment = models.ForeignKey(Treatment, models.CASCADE, related_name="uses")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    lay_name = models.CharField(max_length=160, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    body_area = models.ForeignKey(BodyArea, models.PROTECT, null=True, blank=True, related_name="uses")

    class Meta:
        ordering = ["body_area__position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["treatment", "slug"], name="treatments_treatmentuse_slug_per_treatment"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("treatments:use", args=[self.treatment.slug, self.slug])

    @cached_property
    def summary_html(self) -> str:
        """The summary as HTML, in which :mod:`treatments.terms` explains words."""
        return escape(self.summary, quote=False)


class UseRedirect(models.Model):
    """A use as it was called under a treatment that was merged: where its address leads now."""

    treatment = models.ForeignKey(TreatmentRedirect, models.CASCADE, related_name="uses")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    former_pk = models.BigIntegerField()
    use = models.ForeignKey(TreatmentUse, models.PROTECT, related_name="redirects")

    class Meta:
        ordering = ["treatment", "slug"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["treatment", "slug"], name="treatments_useredirect_slug_per_treatment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.treatment.slug}/{self.slug} → {self.use.slug}"


class LabelStatus(Merged):
    """What the label says of a use in one jurisdiction, by which document, looked at when.

    ``checked_on`` is empty where nobody here has held the document beside the statement yet.
    """

    use = models.ForeignKey(TreatmentUse, models.CASCADE, related_name="labels")
    jurisdiction = models.CharField(max_length=2, choices=Jurisdiction.choices)
    status = models.CharField(max_length=14, choices=Status.choices)
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["jurisdiction"]
        verbose_name_plural = "label statuses"
        constraints = [
            models.UniqueConstraint(
                fields=["use", "jurisdiction"], name="treatments_labelstatus_one_per_jurisdiction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_jurisdiction_display()}: {self.get_status_display()}"


class Caution(Merged):
    treatment = models.ForeignKey(Treatment, models.CASCADE, related_name="cautions")
    kind = models.CharField(max_length=14, choices=CautionKind.choices)
    text = models.CharField(max_length=400)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"

    @cached_property
    def text_html(self) -> str:
        """The text as HTML, in which :mod:`treatments.terms` explains words."""
        return escape(self.text, quote=False)


class SafetyNoticeQuerySet(models.QuerySet):
    def current(self) -> Self:
        """In force, about something that readers can look up."""
        return self.filter(withdrawn_on__isnull=True, treatment__is_reviewed=True)

    def for_treatment(self, treatment: Any) -> Self:
        """Those of :func:`family_of`, for an outer reference too. One notice may be found more than once."""
        return self.filter(
            Q(treatment=treatment)
            | Q(treatment__children=treatment)
            | Q(treatment__children__children=treatment)
        )


class SafetyNotice(Merged):
    """What a regulator or a maker warned of. Every answer written before it says so at once."""

    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="notices")
    product = models.CharField(max_length=160, help_text="The product, batch or group the notice names")
    text = models.CharField(max_length=600, help_text="What was said, in plain words")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    issued_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True, help_text="When the notice ceased to hold")

    objects = SafetyNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("issued_on")),
                name="treatments_safetynotice_ends_after_it_begins",
                violation_error_message="A notice cannot end before it was issued.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product}, {self.issued_on:%Y-%m-%d}"


class Term(models.Model):
    """A word of the field that readers are not expected to know, explained in a sentence."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    also = models.CharField(max_length=200, blank=True, help_text="Other forms of the word, with commas")
    explanation = models.CharField(max_length=300)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="treatments_term_explained_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def forms(self) -> list[str]:
        """The word and its other forms, as they may stand in a text."""
        return [self.name, *(form for form in (part.strip() for part in self.also.split(",")) if form)]


class LoadedEntry(models.Model):
    """What a catalogue file said of an entry when it was last written into the tables.

    An entry whose file has not changed since is left alone, so that what editors changed afterwards stays.
    """

    TREATMENT: ClassVar[str] = "treatment"

    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=80)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "loaded entries"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="treatments_loadedentry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
