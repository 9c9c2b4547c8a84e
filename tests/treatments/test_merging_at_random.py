"""Small catalogues merged in any order say what a slow and obvious model says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from answers.exchange.catalogue import Catalogue
from answers.models import Thread
from core.moderation import NotPossible
from questions.models import Question
from questions.services import set_treatments
from tests.factories import LabelStatusFactory, QuestionFactory, TreatmentFactory, UseFactory
from tests.treatments.merging import merged
from treatments.merging import plan_of
from treatments.models import LabelStatus, Treatment, TreatmentUse
from treatments.search import named

pytestmark = pytest.mark.django_db

TREATMENTS = st.integers(0, 4)
USES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["Legs", "Jaw", "Neck"]), max_size=3)
ASKED = st.tuples(st.lists(TREATMENTS, min_size=1, max_size=3, unique=True), st.sampled_from(["", *"abc"]))


@dataclass
class Model:
    """Addresses and what they mean, followed one by one."""

    uses: dict[int, dict[str, str]]
    parent: dict[int, int | None]
    treatment: dict[int, int] = field(default_factory=dict)
    use: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.treatment = {n: n for n in self.uses}
        self.use = {(n, slug): (n, slug) for n, uses in self.uses.items() for slug in uses}

    def merge(self, source: int, target: int) -> None:
        there = dict(self.uses[target])
        for slug, name in self.uses.pop(source).items():
            same = [slug] if slug in there else [other for other, called in there.items() if called == name]
            end = same[0] if same else slug
            if not same:
                self.uses[target][slug] = name
            for old, now in self.use.items():
                if now == (source, slug):
                    self.use[old] = (target, end)
        for old, now in self.treatment.items():
            if now == source:
                self.treatment[old] = target

    def named_by(self, asked: list[int]) -> list[int]:
        return list(dict.fromkeys(self.treatment[n] for n in asked))


def build(model: Model, labels: Any) -> dict[int, Treatment]:
    rows: dict[int, Treatment] = {}
    for n, parent in model.parent.items():
        rows[n] = TreatmentFactory(name=f"Name {'abcde'[n]}", slug=f"t-{n}", parent=rows.get(parent))
        for slug, name in model.uses[n].items():
            use = UseFactory(treatment=rows[n], slug=slug, name=name)
            for place in labels.get((n, slug), ()):
                LabelStatusFactory(use=use, jurisdiction=place)
    return rows


def ask(rows: dict[int, Treatment], asked: list[int], slug: str) -> Question:
    use = TreatmentUse.objects.filter(treatment=rows[asked[0]], slug=slug).first()
    question = QuestionFactory(published=True, treatment=rows[asked[0]], use=use)
    set_treatments(question, [rows[n] for n in asked])
    return question


@settings(max_examples=20)
@given(
    uses=st.lists(USES, min_size=5, max_size=5),
    parents=st.lists(st.one_of(st.none(), st.integers(0, 1)), min_size=5, max_size=5),
    labels=st.dictionaries(
        st.tuples(TREATMENTS, st.sampled_from("abc")), st.sets(st.sampled_from(["US", "GB"])), max_size=6
    ),
    questions=st.lists(ASKED, max_size=5),
    merges=st.lists(st.tuples(TREATMENTS, TREATMENTS), max_size=5),
)
def test_merging_is_what_it_says(uses, parents, labels, questions, merges) -> None:
    family = {n: parent if parent is not None and parent < n else None for n, parent in enumerate(parents)}
    model = Model(uses=dict(enumerate(uses)), parent=family)
    first = {n: dict(of) for n, of in model.uses.items()}
    with transaction.atomic():
        rows = build(model, labels)
        asked = [(ask(rows, *one), one) for one in questions]
        for source, target in merges:
            source, target = model.treatment[source], model.treatment[target]
            before = Treatment.objects.get(slug=f"t-{source}"), Treatment.objects.get(slug=f"t-{target}")
            plan = plan_of(*before)
            chosen = {group.key.replace("-", "_"): group.options[0] for group in plan.conflicts}
            try:
                merged(*before, **chosen)
            except NotPossible:
                assert plan.obstacles
            else:
                model.merge(source, target)
            connection.check_constraints()
        check_threads(asked, model)
        check_addresses(first, model)
        check_labels(first, labels, model)
        check_families()
        transaction.set_rollback(True)


def check_threads(asked: list[tuple[Question, Any]], model: Model) -> None:
    for question, (treatments, slug) in asked:
        question.refresh_from_db()
        rows = [row.treatment for row in question.treatment_rows.order_by("position")]
        assert [row.slug for row in rows] == [f"t-{n}" for n in model.named_by(treatments)]
        assert question.treatment == rows[0]
        of = model.use.get((treatments[0], slug))
        assert (question.use and (question.use.treatment.slug, question.use.slug)) == (
            of and (f"t-{of[0]}", of[1])
        )
    assert Thread.objects.public().count() == len(asked)


def check_addresses(first: dict[int, dict[str, str]], model: Model) -> None:
    """Each leads, in one hop at most, to a page that is there; files from then mean what is meant now."""
    client, catalogue = Client(), Catalogue(create=False)
    for n, uses in first.items():
        now = model.treatment[n]
        live = Treatment.objects.get(slug=f"t-{now}")
        check_hop(client, f"/treatments/t-{n}/uses/uses.csv", f"/treatments/t-{now}/uses/uses.csv")
        assert named(f"Name {'abcde'[n]}")[0] == live
        assert (
            catalogue.resolve([f"t-{n}"], "")
            == catalogue.resolve([f"name {'abcde'[n]}"], "")
            == ([live.pk], None)
        )
        for slug in uses:
            treatment, use = model.use[n, slug]
            row = TreatmentUse.objects.get(treatment=live, slug=use)
            assert treatment == now
            assert catalogue.resolve([f"t-{n}"], slug) == ([live.pk], row.pk)
            check_hop(client, f"/treatments/t-{n}/uses/{slug}/", row.get_absolute_url())


def check_hop(client: Client, old: str, new: str) -> None:
    response = client.get(old)
    if old != new:
        assert (response.status_code, response["Location"]) == (301, new)
        response = client.get(new)
    assert response.status_code == 200


def check_labels(first: dict[int, dict[str, str]], labels: Any, model: Model) -> None:
    """Wherever something was said of a use, something is said of what it is now."""
    for (n, slug), places in labels.items():
        if slug in first[n]:
            treatment, use = model.use[n, slug]
            said = LabelStatus.objects.filter(use__treatment__slug=f"t-{treatment}", use__slug=use)
            assert places <= set(said.values_list("jurisdiction", flat=True))


def check_families() -> None:
    parents = dict(Treatment.objects.values_list("pk", "parent"))
    for pk in parents:
        above, steps = parents[pk], 0
        while above is not None:
            above, steps = parents[above], steps + 1
            assert steps <= len(parents)
