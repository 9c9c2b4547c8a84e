"""The moderators' pages for merging: choosing, reading what moves, confirming, looking it up afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from questions.keeping import follow, keep_question
from tests.factories import (
    AnswerFactory,
    LabelStatusFactory,
    QuestionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)
from tests.treatments.merging import merged
from treatments.models import LabelStatus, LoadedEntry, Treatment, TreatmentRedirect

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in: Callable[..., Client]) -> Client:
    return sign_in(moderator())


@pytest.fixture
def botox() -> Treatment:
    return TreatmentFactory(name="Botox", slug="botox")


@pytest.fixture
def double() -> Treatment:
    return TreatmentFactory(name="Botulinum toxin (Botox)", slug="old", summary="Made by an import.")


def page_of(source: Treatment, target: Treatment) -> str:
    return reverse("admin:treatments_treatment_merge_into", args=[source.pk, target.pk])


def filled(response, **more: str) -> dict[str, str]:
    return {
        "seen": response.context["form"]["seen"].value(),
        "reason": "One and the same.",
        "understood": "on",
    } | more


def test_the_form_of_a_treatment_leads_there(desk: Client, double: Treatment) -> None:
    change = reverse("admin:treatments_treatment_change", args=[double.pk])
    assert f"/admin/treatments/treatment/{double.pk}/merge/" in desk.get(change).content.decode()


class TestChoosing:
    def test_those_of_a_like_name_are_offered_at_once(self, desk, botox, double) -> None:
        TreatmentFactory(name="Fillers")
        response = desk.get(reverse("admin:treatments_treatment_merge", args=[double.pk]))
        assert response.context["found"] == [botox]
        assert page_of(double, botox) in response.content.decode()

    def test_others_are_searched_for_reviewed_or_not(self, desk, botox, double) -> None:
        hidden = TreatmentFactory(name="Made elsewhere", is_reviewed=False)
        url = reverse("admin:treatments_treatment_merge", args=[double.pk])
        assert desk.get(url, {"q": "elsew"}).context["found"] == [hidden]
        assert desk.get(url, {"q": "o"}).context["found"] == [botox]
        assert "No other treatment" in desk.get(url, {"q": "zzz"}).content.decode()


class TestPreview:
    def test_it_says_in_numbers_what_moves(self, desk, botox, double) -> None:
        answer = AnswerFactory(published=True, question=QuestionFactory(published=True, treatment=double))
        QuestionFactory(pending=True, treatment=double)
        reader = UserFactory()
        follow(by=reader, treatment=double)
        follow(by=reader, treatment=botox)
        keep_question(by=reader, question=answer.question)
        SpecialtyFactory().in_scope.set([double])
        html = desk.get(page_of(double, botox)).content.decode()
        for words in (
            "Threads that readers see: 1. Questions that wait: 1.",
            "Answers in these threads, which count for Botox from then on: 1.",
            "People who follow it: 1, of whom 1 follow Botox already.",
            "on readers’ own lists: 1.",
            "Specialties that have it in their scope: Dermatology.",
            "This cannot be undone.",
            "Made by an import.",
            "<bdi>Botulinum toxin (Botox)</bdi>",
        ):
            assert words in html, words

    def test_it_says_how_long_others_wait_where_that_is_long(self, desk, botox, double, monkeypatch) -> None:
        QuestionFactory.create_batch(3, published=True, treatment=double)
        assert "meanwhile waits" not in desk.get(page_of(double, botox)).content.decode()
        monkeypatch.setattr("questions.receivers.MOVED_IN_A_SECOND", 2)
        assert "Merging takes about 2 seconds." in desk.get(page_of(double, botox)).content.decode()

    def test_it_says_which_uses_are_the_same_and_which_move(self, desk, botox, double) -> None:
        UseFactory(treatment=botox, slug="calves", name="Calf reduction")
        UseFactory(treatment=double, slug="legs", name="calf reduction")
        UseFactory(treatment=double, name="Sweating")
        html = desk.get(page_of(double, botox)).content.decode()
        assert "is <strong>Calf reduction</strong> of Botox" in html
        assert "(same name)" in html
        assert "<bdi>Sweating</bdi> moves along" in html

    def test_it_says_what_the_files_of_the_catalogue_have_to_do_with_it(self, desk, botox, double) -> None:
        LoadedEntry.objects.create(kind="treatment", slug="old", digest="x")
        html = desk.get(page_of(double, botox)).content.decode()
        assert "comes from the files of the catalogue" in html
        assert "Merging the other way round" in html

    def test_what_stands_in_the_way_is_said_instead(self, desk, botox, double) -> None:
        Treatment.objects.filter(pk=botox.pk).update(is_reviewed=False)
        html = desk.get(page_of(double, botox)).content.decode()
        assert "Review Botox first" in html
        assert "<form class" not in html

    def test_families_that_no_longer_speak_are_named(self, desk, botox) -> None:
        child = TreatmentFactory(parent=TreatmentFactory(name="Neuromodulators"))
        assert (
            "cautions, notices and red flags of Neuromodulators no longer hold"
            in desk.get(page_of(child, botox)).content.decode()
        )


class TestConfirming:
    def test_it_is_done_with_reason_and_tick(self, desk, botox, double) -> None:
        url = page_of(double, botox)
        response = desk.post(url, filled(desk.get(url)), follow=True)
        assert response.redirect_chain == [
            (reverse("admin:treatments_treatment_change", args=[botox.pk]), 302)
        ]
        assert "is part of Botox now" in response.content.decode()
        assert TreatmentRedirect.objects.get().target == botox

    @pytest.mark.parametrize("without", ["reason", "understood", "seen"])
    def test_without_one_of_them_nothing_happens(self, desk, botox, double, without) -> None:
        url = page_of(double, botox)
        data = filled(desk.get(url))
        del data[without]
        assert desk.post(url, data).status_code == 400
        assert Treatment.objects.count() == 2

    def test_a_contradiction_is_shown_with_documents_and_has_to_be_chosen(self, desk, botox, double) -> None:
        here = LabelStatusFactory(use=UseFactory(treatment=botox, slug="calves", name="Calves"))
        there = LabelStatusFactory(
            use=UseFactory(treatment=double, slug="calves", name="Calves"),
            status="approved",
            checked_on=date(2026, 1, 2),
        )
        url = page_of(double, botox)
        response = desk.get(url)
        html = response.content.decode()
        assert "Calves, United States: which holds?" in html
        assert "Approved. Prescribing information (2024-10), checked 2 January 2026" in html
        refused = desk.post(url, filled(response))
        assert refused.status_code == 400
        assert "please choose" in refused.content.decode()
        desk.post(url, filled(response, **{f"label-{here.use_id}-US": str(there.pk)}))
        assert LabelStatus.objects.get() == there

    def test_what_changed_while_one_was_reading_is_shown_first(self, desk, botox, double) -> None:
        url = page_of(double, botox)
        data = filled(desk.get(url))
        UseFactory(treatment=double, name="Newly entered")
        response = desk.post(url, data)
        html = response.content.decode()
        assert response.status_code == 409
        for words in ("The catalogue changed while you were reading", "Newly entered", "One and the same."):
            assert words in html
        assert response.context["form"]["understood"].value() in {None, False}
        assert desk.post(url, filled(response)).status_code == 302

    def test_what_somebody_merged_meanwhile_is_looked_up_there(self, desk, botox, double) -> None:
        data = filled(desk.get(page_of(double, botox)))
        merged(double, TreatmentFactory(name="Elsewhere"))
        response = desk.post(page_of(double, botox), data, follow=True)
        assert "was merged into Elsewhere" in response.content.decode()

    def test_only_keepers_of_the_catalogue_see_it(self, sign_in, botox, double) -> None:
        client = sign_in(UserFactory(is_staff=True))
        assert client.get(page_of(double, botox)).status_code == 403


@pytest.mark.parametrize("number", ["9" * 20, "0", "²", "x"])
def test_numbers_of_nothing_are_not_found(desk, botox, number: str) -> None:
    for page in (f"{number}/merge/", f"{number}/merge/{botox.pk}/", f"{botox.pk}/merge/{number}/"):
        assert desk.get(f"/admin/treatments/treatment/{page}", follow=True).status_code in {200, 404}
    assert desk.get(f"/admin/treatments/treatment/{number}/history/").status_code == 302


class TestAfterwards:
    def test_both_histories_are_one_and_say_who_and_why(self, desk, botox, double) -> None:
        change = reverse("admin:treatments_treatment_change", args=[double.pk])
        use = UseFactory(treatment=double)
        desk.post(
            reverse("admin:treatments_treatmentuse_change", args=[use.pk]),
            {"name": "Renamed", "slug": use.slug, "treatment": double.pk, "why": "Plainer.", **EMPTY_LABELS},
        )
        url = page_of(double, botox)
        desk.post(url, filled(desk.get(url)))
        for pk in (botox.pk, double.pk):
            history = reverse("admin:treatments_treatment_history", args=[pk])
            html = desk.get(history, follow=True).content.decode()
            assert "<strong>merge</strong> by" in html
            assert "One and the same." in html
            assert "Botulinum toxin (Botox)</bdi>, which became part of it" in html
        assert "this is Botox" in desk.get(change, follow=True).content.decode()
        assert (
            "edit"
            in desk.get(reverse("admin:treatments_treatmentuse_history", args=[use.pk])).content.decode()
        )

    def test_the_history_of_a_use_has_that_of_the_use_that_ended_in_it(self, desk, botox, double) -> None:
        here = UseFactory(treatment=botox, slug="calves")
        there = UseFactory(treatment=double, slug="calves", name="Legs")
        desk.post(
            reverse("admin:treatments_treatmentuse_change", args=[there.pk]),
            {
                "name": "Lower legs",
                "slug": "calves",
                "treatment": double.pk,
                "why": "Plainer.",
                **EMPTY_LABELS,
            },
        )
        merged(double, botox)
        html = desk.get(reverse("admin:treatments_treatmentuse_history", args=[here.pk])).content.decode()
        assert "Lower legs (Botulinum toxin (Botox))" in html

    def test_its_address_is_not_given_to_another_treatment(self, desk, botox, double) -> None:
        merged(double, botox)
        url = reverse("admin:treatments_treatment_add")
        response = desk.post(
            url,
            {
                "name": "Anew",
                "slug": "old",
                "kind": "injectable",
                "review_interval_months": 24,
                "why": "New.",
                **EMPTY,
            },
        )
        assert "This address leads to Botox" in response.content.decode()


def _empty(*prefixes: str) -> dict[str, str]:
    return {f"{prefix}-{name}_FORMS": "0" for prefix in prefixes for name in ("TOTAL", "INITIAL")}


EMPTY_LABELS = _empty("labels")
EMPTY = _empty("synonyms", "uses", "cautions")
