"""What a line becomes, and what happens when it comes again."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import system_user
from answers.consensus import bars_for_questions
from answers.exchange.people import IncomingDoctor
from answers.models import Answer, ImportedAnswer, SecondOpinion, Thread
from answers.selectors import use_activity
from answers.uses import bars_for_uses
from core.audit import trail
from core.enums import State
from core.models import AuditEntry
from core.moderation import transition
from doctors.models import Doctor
from questions.models import Question
from tests.answers.exchange.samples import answer, doctor, thread, verdicts
from tests.answers.test_positions import assert_is_what_a_count_from_nothing_finds
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)
from treatments.enums import SynonymKind
from treatments.models import Treatment, TreatmentSynonym


def test_a_snapshot_has_the_fields_of_a_doctors_own(db: None) -> None:
    own = CredentialFactory().doctor.snapshot()
    assert IncomingDoctor("a", "b", "c", "d", "e", "US").snapshot().keys() == own.keys()


def test_a_line_becomes_a_public_thread_with_its_people_and_its_trail(take: Any, botox: Treatment) -> None:
    line = thread(
        asked_at="2012-03-04T10:00:00+05:30",
        asker={"alias": "Gems", "place": "Houston, TX"},
        source_url="https://example.org/q/1",
        answers=[answer("a-1", helpful_count=7, accepted=True, answered_at="2012-03-05")],
    )
    assert verdicts(take(line)) == ["stored"]
    question = Question.objects.public().get(external_id="t-1")
    assert (question.asker_name, question.place, question.treatment) == ("Gems", "Houston, TX", botox)
    assert question.asked_at.isoformat() == "2012-03-04T04:30:00+00:00"
    given_answer = Answer.objects.public().get()
    assert given_answer.helpful_count == 7
    assert given_answer.is_accepted
    assert given_answer.doctor.user is None
    assert not given_answer.doctor.is_verified_now
    assert given_answer.author_snapshot == given_answer.doctor.snapshot()
    assert Thread.objects.public().get().answer_count == 1
    assert [revision.number for revision in given_answer.revisions.all()] == [1]
    assert trail(question).get().action == "import"
    assert trail(given_answer).get().actor == system_user("importer")


def test_the_importer_is_nobody_who_could_sign_in(take: Any, botox: Treatment) -> None:
    take(thread())
    importer = Question.objects.get().moderated_by
    assert not importer.is_active
    assert not importer.has_usable_password()


def test_positions_of_imported_doctors_are_shown_but_never_counted(take: Any, botox: Treatment) -> None:
    take(thread(answers=[answer(f"a{n}", stance="supports", doctor=doctor(f"D {n}")) for n in range(4)]))
    question = Question.objects.get()
    assert set(Answer.objects.values_list("stance", flat=True)) == {"supports"}
    assert bars_for_questions([question.pk])[question.pk].total == 0


def test_the_queue_instead_of_the_page(take: Any, botox: Treatment) -> None:
    take(thread(body="My vision is blurred and I cannot swallow", answers=[answer("a")]), state="pending")
    assert Question.objects.get().state == Answer.objects.get().state == State.PENDING
    assert not Question.objects.public().exists()
    assert not Doctor.objects.public().exists()
    assert not Thread.objects.exists()
    transition(Question.objects.get(), to=State.PUBLISHED, by=(boss := moderator()))
    transition(Doctor.objects.get(), to=State.PUBLISHED, by=boss)
    transition(Answer.objects.get(), to=State.PUBLISHED, by=boss)
    assert Thread.objects.public().get().answer_count == 1


def test_once_more_changes_nothing(take: Any, botox: Treatment) -> None:
    file = [thread("t-1", answers=[answer("a-1")]), thread("t-2", answers=[answer()])]
    take(*file)
    counts = [m.objects.count() for m in (Question, Answer, Doctor, AuditEntry, ImportedAnswer, User)]
    assert verdicts(take(*file)) == ["known", "known"]
    assert counts == [m.objects.count() for m in (Question, Answer, Doctor, AuditEntry, ImportedAnswer, User)]


def test_the_order_of_keys_makes_no_other_line(take: Any, botox: Treatment) -> None:
    take(thread())
    assert verdicts(take(dict(reversed(list(thread().items()))))) == ["known"]


def test_a_known_thread_stays_known_when_it_was_edited_or_removed_here(take: Any, botox: Treatment) -> None:
    take(thread())
    transition(Question.objects.get(), to=State.REMOVED, by=moderator(), reason="x")
    assert verdicts(take(thread())) == ["known"]
    assert not Question.objects.public().exists()


def test_names_taken_by_something_else_are_refused(take: Any, botox: Treatment) -> None:
    rows = take(
        thread("t-1", answers=[answer("a-1")]),
        thread("t-1", title="Another"),
        thread("t-2", answers=[answer("a-1")]),
        thread("t-3", answers=[answer("a-3"), answer("a-3", doctor=doctor("B"))]),
    )
    assert verdicts(rows) == ["stored", "refused", "refused", "refused"]
    assert "other content" in rows[1][2]
    assert "a-1 belongs to another thread" in rows[2][2]
    assert "twice" in rows[3][2]
    assert verdicts(take(thread("t-1", title="Another"))) == ["refused"]


def test_answers_of_one_doctor_become_one_and_the_report_says_so(take: Any, botox: Treatment) -> None:
    rows = take(
        thread(
            answers=[
                answer("a", body="First & foremost", body_format="text", stance="supports", helpful_count=2),
                answer("b", doctor=doctor("Other")),
                answer("c", body="<p>Second</p><script>x</script>", body_format="html", helpful_count=3),
            ]
        )
    )
    assert verdicts(rows) == ["stored", "joined"]
    assert "part of a" in rows[1][2]
    joined = ImportedAnswer.objects.get(external_id="c").answer
    assert joined == ImportedAnswer.objects.get(external_id="a").answer
    assert joined.body_html == "<p>First &amp; foremost</p>\n\n<p>Second</p>"
    assert (joined.stance, joined.helpful_count) == ("supports", 5)


def test_answers_without_a_name_get_one_that_is_free(take: Any, botox: Treatment) -> None:
    take(thread("t", answers=[answer("t-a1"), answer(doctor=doctor("B")), answer(doctor=doctor("C"))]))
    assert list(ImportedAnswer.objects.order_by("pk").values_list("external_id", flat=True)) == [
        "t-a1",
        "t-a2",
        "t-a3",
    ]


def test_one_profile_per_name_title_and_city(take: Any, botox: Treatment) -> None:
    SpecialtyFactory(slug="dermatology", name="Dermatology")
    take(
        thread("t-1", answers=[answer(doctor=doctor("Ana Reyes", specialty="DERMATOLOGY"))]),
        thread("t-2", answers=[answer(), answer(doctor=doctor(city="Leeds", specialty="Vibes"))]),
        thread("t-3", answers=[answer(doctor=doctor("张伟"))]),
    )
    take(thread("t-4", answers=[answer()]))
    ana, leeds, wei = Doctor.objects.order_by("pk")
    assert (ana.slug, ana.specialty.name, ana.answers.count()) == ("ana-reyes", "Dermatology", 3)
    assert (leeds.slug, leeds.specialty, leeds.specialty_as_given) == ("ana-reyes-leeds", None, "Vibes")
    assert wei.slug.startswith("doctor-")


def test_nobody_who_signed_up_here_is_credited_with_an_imported_answer(take: Any, botox: Treatment) -> None:
    own = AnswerFactory(published=True, doctor__name="Ana Reyes", doctor__title="MD").doctor
    take(thread(answers=[answer(stance="supports")]))
    assert own.answers.count() == 1
    assert Doctor.objects.filter(name="Ana Reyes").count() == 2


@pytest.mark.parametrize("name", ["Botox", "BOTOX", " botox ", "botulinum  TOXIN", "Ｂｏｔｏｘ"])
def test_a_treatment_is_found_by_any_of_its_names(take: Any, botox: Treatment, name: str) -> None:
    assert verdicts(take(thread(treatments=[name, "botox"]))) == ["stored"]
    assert list(Question.objects.get().treatments.all()) == [botox]


def test_unknown_treatments_are_refused_or_made_unreviewed(take: Any, botox: Treatment) -> None:
    line = thread(treatments=["Zorbing", "botox"], use="Knees")
    assert take(line) == [(1, "refused", "unknown treatment “Zorbing”")]
    assert not Treatment.objects.filter(name="Zorbing").exists()
    assert verdicts(take(line, create_treatments=True)) == ["stored"]
    question = Question.objects.get()
    assert (question.treatment.name, question.use.name) == ("Zorbing", "Knees")
    assert not Treatment.objects.public().filter(name="Zorbing").exists()


def test_a_use_is_one_of_its_treatment_or_the_line_is_refused(take: Any, botox: Treatment) -> None:
    use = UseFactory(treatment=botox, name="Jaw slimming", slug="masseter")
    rows = take(thread("1", use="masseter"), thread("2", use="jaw SLIMMING"), thread("3", use="calves"))
    assert verdicts(rows) == ["stored", "stored", "refused"]
    assert set(Question.objects.values_list("use", flat=True)) == {use.pk}
    assert verdicts(take(thread("3", use="calves"), create_treatments=True)) == ["refused"]


def test_an_ambiguous_name_is_refused_with_the_choices(take: Any, botox: Treatment) -> None:
    other = TreatmentFactory(name="Dysport", slug="dysport")
    TreatmentSynonym.objects.create(treatment=other, name="botulinum toxin", kind=SynonymKind.GENERIC)
    assert "botox, dysport" in take(thread(treatments=["Botulinum toxin"]))[0][2]


def second(name: str = "Vera Holt", **more: Any) -> dict[str, Any]:
    given = {"kind": "dispute", "stance": "exam", "reason": "goal", "note": "It depends."}
    return given | {"published_at": "2013-05-06T07:08:09Z", "doctor": doctor(name)} | more


def test_what_a_use_is_told_by_an_import_counts_once_its_doctors_are_verified(
    take: Any, botox: Treatment
) -> None:
    use = UseFactory(treatment=botox, slug="calves")
    take(thread(use="calves", answers=[answer("a", stance="against", second_opinions=[second()])]))
    assert use_activity([use.pk])[use.pk]["threads"] == 1
    assert bars_for_uses([use.pk])[use.pk].total == 0
    Doctor.objects.update(standing="verified", verified_on=timezone.localdate())
    bar = bars_for_uses([use.pk])[use.pk]
    assert {row["stance"]: row["count"] for row in bar.counts} == {"against": 1, "exam": 1}
    assert_is_what_a_count_from_nothing_finds()


class TestSecondOpinions:
    def test_they_arrive_with_their_answer_public_dated_and_not_counted(
        self, take: Any, botox: Treatment
    ) -> None:
        take(thread(answers=[answer("a", stance="against", second_opinions=[second(about_number=1)])]))
        given = SecondOpinion.objects.public().get()
        assert (given.kind, given.stance, given.reason, given.note) == (
            "dispute",
            "exam",
            "goal",
            "It depends.",
        )
        assert given.published_at.isoformat() == "2013-05-06T07:08:09+00:00"
        assert given.author_snapshot == given.doctor.snapshot()
        assert trail(given).get().action == "import"
        assert not SecondOpinion.objects.counted().exists()

    def test_with_the_rest_they_can_wait_for_a_moderator(self, take: Any, botox: Treatment) -> None:
        take(thread(answers=[answer("a", second_opinions=[second()])]), state="pending")
        given = SecondOpinion.objects.get()
        assert (given.state, given.published_at) == (State.PENDING, None)

    def test_of_several_by_one_doctor_the_latest_is_kept_and_none_by_the_author(
        self, take: Any, botox: Treatment
    ) -> None:
        given = [
            second(note="The later."),
            second(note="The earlier.", published_at="2012-01-01"),
            second("Ana Reyes"),
        ]
        rows = take(thread(answers=[answer("a", second_opinions=given)]))
        assert SecondOpinion.objects.get().note == "The later."
        assert rows[0][2] == "second opinions left out, being by somebody who speaks there already: 2"

    @pytest.mark.parametrize(
        ("more", "reason"),
        [
            ({"kind": "shrug"}, "kind is none of cosign, dispute"),
            ({"stance": None}, "kind, stance or published_at is missing"),
            ({"published_at": None}, "kind, stance or published_at is missing"),
            ({"note": ""}, "a dispute needs a reason and a note"),
            ({"doctor": None}, "doctor is missing"),
            ({"about_number": 10**7}, "about_number is not the number of a version"),
        ],
    )
    def test_what_is_wrong_with_one_is_said(
        self, take: Any, botox: Treatment, more: dict[str, Any], reason: str
    ) -> None:
        rows = take(thread(answers=[answer("a", second_opinions=[second(), second(**more)])]))
        assert rows == [(1, "refused", f"answer 1: second opinion 2: {reason}")]
        assert not SecondOpinion.objects.exists()
