"""The thread as its readers meet it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from answers.models import AcceptedAnswer, Answer
from answers.views.thread import ANSWERS_A_PAGE
from core.enums import State
from questions.services import edit_question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    SecondOpinionFactory,
    SourceFactory,
    SpecialtyFactory,
    UseFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db


def page(client: Client, question, query: str = "") -> str:
    response = client.get(question.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def order_of(html: str, *answers) -> list:
    return sorted(answers, key=lambda answer: html.index(f'id="answer-{answer.pk}"'))


class TestWhatIsRead:
    def test_where_the_doctors_stand_comes_before_what_each_of_them_says(self, client: Client) -> None:
        question = QuestionFactory(
            published=True, title="Can it slim my calves?", alias="Wren", place="Memphis"
        )
        for number in range(3):
            AnswerFactory(
                published=True, question=question, stance="against", reason="safety", summary=f"No. {number}"
            )
        html = page(client, question)
        assert "<title>Can it slim my calves? · Candor</title>" in html
        assert '<meta name="description" content="All 3 doctors advise against it.' in html
        assert "by <bdi>Wren</bdi>" in html
        parts = [
            "All 3 doctors advise against it",
            "In one line each",
            "Their reasons",
            "Safety · 3 doctors",
        ]
        parts.append("3 answers")
        places = [html.index(part, html.index("<h1")) for part in parts]
        assert places == sorted(places)

    def test_only_who_differs_is_said_to_differ(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        AnswerFactory(published=True, question=question, stance="against", reason="safety")
        AnswerFactory(published=True, question=question, stance="supports")
        assert "Why they differ" in page(client, question)

    def test_a_reason_names_its_doctors_or_says_how_many_more_there_are(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        answers = [
            AnswerFactory(published=True, question=question, stance="against", reason="safety")
            for _ in range(12)
        ]
        for _ in range(4):
            SecondOpinionFactory(published=True, dispute=True, answer=answers[0], reason="goal")
        html = page(client, question)
        assert "Safety · 12 doctors" in html
        assert "</a> and 3 more</p>" in html
        assert "4 doctors</h3>" in html
        assert "<p>And 2 more</p>" in html

    def test_the_first_line_says_the_main_reason_and_the_facts_who_gave_a_second_opinion(
        self, client: Client
    ) -> None:
        question = QuestionFactory(published=True)
        answers = [
            AnswerFactory(published=True, question=question, stance="against", reason="safety")
            for _ in range(2)
        ]
        SecondOpinionFactory(published=True, answer=answers[0])
        SecondOpinionFactory(published=True, dispute=True, answer=answers[0])
        html = page(client, question)
        assert (
            'All 4 doctors advise against it</strong></a>; main reason: <a href="#why-title">safety</a>.'
            in html
        )
        assert "2 doctors answered, 1 co-signed, 1 disputed" in html

    def test_lines_that_are_left_out_are_said_to_stand_below(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        for _ in range(60):
            AnswerFactory(published=True, question=question)
        assert 'more <a href="#answers">below</a>' not in page(client, question)
        AnswerFactory(published=True, question=question)
        assert 'And 1 more <a href="#answers">below</a>.' in page(client, question)

    def test_the_majority_does_not_stand_before_what_others_say(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        for number in range(6):
            AnswerFactory(
                published=True, question=question, stance="against", reason="safety", summary=f"No, {number}."
            )
        AnswerFactory(published=True, question=question, stance="exam", summary="Let me look first.")
        lines = page(client, question).partition("In one line each")[2].partition("</section>")[0]
        shown, _, folded = lines.partition("<summary>3 more advise against it")
        assert [shown.count(f"No, {n}.") + folded.count(f"No, {n}.") for n in range(6)] == [1] * 6
        assert shown.count("No, ") == folded.partition("</details>")[0].count("No, ") == 3
        assert "Let me look first." in folded.partition("</details>")[2]

    def test_no_heading_stands_over_nothing(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        for _ in range(2):
            AnswerFactory(published=True, question=question, summary="", is_imported=True)
        assert "In one line each" not in page(client, question)

    def test_nothing_is_folded_where_all_agree_or_for_a_single_line(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        for _ in range(5):
            AnswerFactory(published=True, question=question, stance="supports")
        assert "<summary>2 more" not in page(client, question)
        other = AnswerFactory(published=True, question=question, stance="exam")
        assert "<summary>2 more support it" in page(client, question)
        Answer.objects.exclude(pk=other.pk).filter(pk=Answer.objects.earliest("pk").pk).delete()
        assert (
            "1 more" not in page(client, question).partition("In one line each")[2].partition("</section>")[0]
        )

    def test_nobody_having_answered_is_said(self, client: Client) -> None:
        html = page(client, QuestionFactory(published=True))
        assert "No verified doctor has answered so far." in html

    def test_what_the_label_says_stands_with_its_source(self, client: Client) -> None:
        use = UseFactory(name="Calf slimming", treatment__name="Botox")
        LabelStatusFactory(use=use, source=SourceFactory(title="Prescribing information"))
        html = page(client, QuestionFactory(published=True, treatment=use.treatment, use=use))
        assert "Botox is not approved for calf slimming." in " ".join(html.split())
        assert "Prescribing information" in html

    def test_a_doctor_outside_their_scope_is_marked(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        inside, outside = SpecialtyFactory(slug="dermatology"), SpecialtyFactory(slug="dentistry")
        inside.in_scope.add(question.treatment)
        for specialty in (inside, outside):
            AnswerFactory(
                published=True, question=question, doctor=DoctorFactory(verified=True, specialty=specialty)
            )
        html = page(client, question)
        assert (
            html.count("Within specialty") == html.count('<span class="chip">Outside usual scope</span>') == 1
        )

    def test_sources_can_be_followed_and_interests_are_declared(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        citations = [{"kind": "pmid", "value": "123"}, {"kind": "label", "value": "Botox, 2023"}]
        AnswerFactory(
            published=True, question=question, citations=citations, conflict_of_interest="Paid by a maker."
        )
        html = page(client, question)
        assert '<a href="https://pubmed.ncbi.nlm.nih.gov/123/" rel="nofollow noopener">123</a>' in html
        assert "Label: Botox, 2023" in html
        assert "<bdi>Paid by a maker.</bdi>" in html

    def test_every_reader_is_told_what_an_answer_is_not(self, client: Client) -> None:
        """T-MS-02"""
        assert "General information, no diagnosis and no doctor–patient relationship." in page(
            client, QuestionFactory(published=True)
        )

    def test_similar_threads_stand_beside_it(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        QuestionFactory(published=True, treatment=question.treatment, title="What of summer?")
        assert "What of summer?" in page(client, question)

    def test_the_few_who_differ_are_named_beside_their_count(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        for _ in range(4):
            AnswerFactory(published=True, question=question, stance="against", reason="safety")
        for name in ("Ji-woo Kim", "Helen Chen"):
            AnswerFactory(
                published=True,
                question=question,
                stance="conditions",
                doctor__name=name,
                doctor__verified=True,
            )
        html = page(client, question)
        assert (
            "<b>2</b> support it with conditions: <bdi>Ji-woo Kim</bdi>, <bdi>Helen Chen</bdi></span>" in html
        )
        assert "<b>4</b> advise against it</span>" in html

    def test_verified_doctors_who_answered_like_threads_stand_beside_it(self, client: Client) -> None:
        use = UseFactory(name="Calf slimming")
        question = AnswerFactory(
            published=True, question__treatment=use.treatment, question__use=use
        ).question
        other = QuestionFactory(published=True, treatment=use.treatment, use=use)
        AnswerFactory(published=True, question=other, doctor__name="Ana Sol", doctor__verified=True)
        AnswerFactory(published=True, question=other, doctor__name="Una Verified", doctor__verified=False)
        AnswerFactory(pending=True, question=other, doctor__name="Not Yet", doctor__verified=True)
        elsewhere = QuestionFactory(published=True, treatment=use.treatment)
        AnswerFactory(
            published=True, question=elsewhere, doctor__name="Of Another Use", doctor__verified=True
        )
        beside = page(client, question).partition("Doctors on calf slimming")[2].partition("</section>")[0]
        assert "Ana Sol" in beside
        assert not any(name in beside for name in ("Una Verified", "Not Yet", "Of Another Use"))

    def test_a_doctor_of_this_thread_is_not_named_beside_it_again(self, client: Client) -> None:
        use = UseFactory(name="Calf slimming")
        here = AnswerFactory(published=True, question__treatment=use.treatment, question__use=use)
        other = QuestionFactory(published=True, treatment=use.treatment, use=use)
        AnswerFactory(published=True, question=other, doctor=here.doctor)
        assert "Doctors on calf slimming" not in page(client, here.question)


class TestOrder:
    @pytest.fixture
    def three(self):
        question = QuestionFactory(published=True)
        unsure = AnswerFactory(published=True, question=question, stance="unknown", helpful_count=1)
        loved = AnswerFactory(published=True, question=question, stance="exam", helpful_count=9)
        pro = AnswerFactory(published=True, question=question, stance="supports")
        return unsure, loved, pro

    def test_each_order_is_what_its_name_says(self, client: Client, three) -> None:
        unsure, loved, pro = three
        question = unsure.question
        assert order_of(page(client, question), *three) == [loved, unsure, pro]
        assert order_of(page(client, question, "?sort=newest"), *three) == [pro, loved, unsure]
        assert order_of(page(client, question, "?sort=stance"), *three) == [pro, unsure, loved]
        assert order_of(page(client, question, "?sort=author"), *three) == [loved, unsure, pro]

    def test_the_newest_is_the_one_whose_position_was_taken_last(self, client: Client, three) -> None:
        """All three were published at one moment: an import, an import without a date, and one edited since."""
        now = timezone.now()
        Answer.objects.update(published_at=now - timedelta(days=3), confirmed_at=None)
        for answer, fields in zip(
            three,
            (
                {"answered_at": now - timedelta(days=900)},
                {"answered_at": now, "is_dated": False},
                {"answered_at": now - timedelta(days=999), "confirmed_at": now},
            ),
            strict=True,
        ):
            Answer.objects.filter(pk=answer.pk).update(**fields)
        unsure, loved, pro = three
        assert order_of(page(client, unsure.question, "?sort=newest"), *three) == [pro, loved, unsure]

    def test_what_settled_it_comes_first_and_is_marked(self, client: Client, three) -> None:
        unsure, loved, pro = three
        AcceptedAnswer.objects.create(question=pro.question, answer=pro)
        html = page(client, pro.question)
        assert order_of(html, *three) == [pro, loved, unsure]
        assert html.count("Settled it for the person who asked") == 1

    def test_one_position_alone_can_be_read_while_the_bar_stays_whole(self, client: Client, three) -> None:
        _, loved, pro = three
        html = page(client, pro.question, "?stance=supports")
        assert f'id="answer-{pro.pk}"' in html
        assert f'id="answer-{loved.pk}"' not in html
        assert "3 answers" in html

    def test_long_threads_go_on_page_by_page(self, client: Client) -> None:
        question = QuestionFactory(published=True)
        for _ in range(ANSWERS_A_PAGE + 1):
            AnswerFactory(published=True, question=question)
        first, second = page(client, question), page(client, question, "?sort=helpful&stance=&page=2")
        assert (first.count('<article class="answer'), second.count('<article class="answer')) == (
            ANSWERS_A_PAGE,
            1,
        )
        assert "?sort=helpful&amp;stance=&amp;page=2#answers" in first
        assert "Back to the start" in second
        assert page(client, question, "?page=3").count('<article class="answer') == ANSWERS_A_PAGE


class TestAddress:
    @pytest.mark.parametrize("end", ["", "an-old-title/"])
    def test_any_other_address_leads_to_the_one(self, client: Client, end: str) -> None:
        question = QuestionFactory(published=True)
        response = client.get(f"/questions/{question.pk}/{end}?sort=newest")
        assert response.status_code == 301
        assert response["Location"] == f"{question.get_absolute_url()}?sort=newest"

    def test_the_canonical_address_is_on_the_configured_origin(self, client: Client, settings) -> None:
        settings.SITE_ORIGIN = "https://candor.example"
        question = QuestionFactory(published=True)
        canonical = f'<link rel="canonical" href="https://candor.example{question.get_absolute_url()}">'
        assert canonical in page(client, question, "?sort=newest")


class TestWhoSeesWhat:
    def test_visitors_find_no_forms_in_it(self, client: Client) -> None:
        html = page(client, AnswerFactory(published=True).question)
        assert 'method="post"' not in html
        assert "csrf" not in html

    def test_the_asker_may_edit_withdraw_and_say_what_settled_it(self, sign_in) -> None:
        question = AnswerFactory(published=True).question
        edit_question(question=question, by=question.author, body="Better words.")
        html = page(sign_in(question.author), question)
        for words in (
            f"/questions/{question.pk}/edit/",
            f"/questions/{question.pk}/withdraw/",
            "This settled it",
        ):
            assert words in html
        assert "Your edit awaits review; readers see the version before." in html

    def test_a_verified_doctor_is_asked_to_answer_once(self, sign_in) -> None:
        question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
        assert "Answer this question" in page(sign_in(doctor.user), question)
        AnswerFactory(pending=True, question=question, doctor=doctor)
        html = page(sign_in(doctor.user), question)
        assert "Answer this question" not in html
        assert "Awaiting review: only you and the moderators see this" in html

    def test_other_people_may_thank_and_nothing_more(self, sign_in) -> None:
        html = page(sign_in(UserFactory()), AnswerFactory(published=True).question)
        assert "Helpful <span" in html
        for words in ("This settled it", "Answer this question", "/edit/", "/withdraw/"):
            assert words not in html

    def test_what_waits_is_the_askers_and_the_moderators_alone(self, client: Client, sign_in) -> None:
        question = QuestionFactory(pending=True)
        assert "Only you and the moderators see this question" in page(sign_in(question.author), question)
        html = page(sign_in(moderator()), question)
        assert question.title in html
        assert '<meta name="robots" content="noindex">' in html
        for reader in (client, sign_in(UserFactory()), sign_in(DoctorFactory(verified=True).user)):
            assert reader.get(question.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("trait", ["rejected", "removed"])
    def test_the_asker_reads_why_it_was_taken_down(self, sign_in, trait: str) -> None:
        question = QuestionFactory(**{trait: True}, moderation_reason="It names a person.")
        assert question.state in {State.REJECTED, State.REMOVED}
        assert "A moderator’s reason: <q>It names a person.</q>" in page(sign_in(question.author), question)
