"""Who has what open: one at a time, for a while, and nobody is kept from anything."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.claims import LASTS, claim, release, settle
from core.models import Claim
from tests.factories import QuestionFactory, UserFactory

ROUNDS = 15


def run_out(row: Claim) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Claim.objects.filter(pk=row.pk).update(at=past - LASTS, until=past)


@pytest.mark.django_db
class TestClaim:
    def test_whoever_comes_first_has_it_and_the_second_is_told_who(self) -> None:
        question, first = QuestionFactory(pending=True), UserFactory()
        taken = claim(question, by=first)
        told = claim(question, by=UserFactory())
        assert (taken.by, told.by, told.at) == (first, first, taken.at)
        assert taken.until - taken.at == LASTS == timedelta(minutes=15)

    def test_renewing_it_keeps_since_when_and_moves_the_end(self) -> None:
        question, person = QuestionFactory(pending=True), UserFactory()
        first = claim(question, by=person)
        again = claim(question, by=person)
        assert again.at == first.at
        assert again.until > first.until

    def test_what_has_run_out_goes_to_the_next_who_opens_it(self) -> None:
        question, next_one = QuestionFactory(pending=True), UserFactory()
        run_out(claim(question, by=UserFactory()))
        taken = claim(question, by=next_one)
        assert taken.by == next_one
        assert timezone.now() - taken.at < timedelta(minutes=1)

    def test_one_releases_what_is_ones_own(self) -> None:
        question, person = QuestionFactory(pending=True), UserFactory()
        claim(question, by=person)
        release(question, by=UserFactory())
        assert Claim.objects.active().on(question).exists()
        release(question, by=person)
        assert not Claim.objects.on(question).exists()

    def test_a_decision_ends_it_and_sweeps_up_what_has_long_run_out(self) -> None:
        question, other, forgotten = (QuestionFactory(pending=True) for _ in range(3))
        claim(question, by=UserFactory())
        kept, old = claim(other, by=UserFactory()), claim(forgotten, by=UserFactory())
        Claim.objects.filter(pk=old.pk).update(
            at=timezone.now() - 3 * LASTS, until=timezone.now() - 2 * LASTS
        )
        settle(question)
        assert list(Claim.objects.all()) == [kept]

    def test_the_database_holds_one_claim_of_a_thing_that_ends_after_it_begins(self) -> None:
        row = claim(QuestionFactory(pending=True), by=UserFactory())
        for broken in ({"pk": None, "until": row.until}, {"until": row.at}):
            for name, value in broken.items():
                setattr(row, name, value)
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_it_at_once_one_has_it() -> None:
    people = [UserFactory(), UserFactory()]
    for turn in range(ROUNDS):
        question = QuestionFactory(pending=True)
        if turn % 2:
            run_out(claim(question, by=UserFactory()))
        barrier, found = Barrier(2), []

        def take(person, question=question, barrier=barrier, found=found) -> None:
            barrier.wait()
            found.append(claim(question, by=person).by_id)
            connection.close()

        threads = [Thread(target=take, args=[person]) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 1, turn
        assert Claim.objects.on(question).count() == 1
