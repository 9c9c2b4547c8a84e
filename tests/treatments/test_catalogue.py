"""The catalogue's files, and their way into the tables."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from doctors.models import Specialty
from tests.factories import (
    BodyAreaFactory,
    LabelStatusFactory,
    QuestionFactory,
    SafetyNoticeFactory,
    TreatmentFactory,
    UseFactory,
)
from tests.treatments.merging import merged
from treatments import catalogue
from treatments.catalogue.reading import read
from treatments.merging import plan_of
from treatments.models import (
    Caution,
    LabelStatus,
    LoadedEntry,
    SafetyNotice,
    Source,
    Treatment,
    TreatmentSynonym,
    TreatmentUse,
)

NOTICE = {
    "product": "Batch 9",
    "text": "Do not use it.",
    "source": "guide",
    "issued_on": "2025-11-05",
    "withdrawn_on": None,
}

FILE: dict[str, Any] = {
    "sources": {
        "label": {
            "title": "Prescribing information",
            "publisher": "Maker",
            "url": "https://example.org/",
            "dated": "2024-10",
        },
        "guide": {"title": "Guideline", "publisher": "A society", "url": None, "dated": None},
    },
    "treatments": [
        {
            "slug": "botox",
            "name": "Botox",
            "generic": "onabotulinumtoxinA",
            "parent": "toxin",
            "kind": "injectable",
            "body_areas": ["face", "lower-legs"],
            "summary": "Relaxes muscles.",
            "description": "It **relaxes** muscles. <script>alert(1)</script>",
            "prescription_only": True,
            "review_interval_months": 12,
            "synonyms": [{"name": "frown line injections", "kind": "lay"}],
            "uses": [
                {
                    "slug": "calves",
                    "name": "Calf reduction",
                    "lay_name": "slimmer calves",
                    "body_area": "lower-legs",
                    "summary": "Smaller calves.",
                    "labels": [
                        {
                            "jurisdiction": "US",
                            "status": "off_label",
                            "note": None,
                            "source": "label",
                            "checked_on": "2026-11-23",
                        }
                    ],
                }
            ],
            "cautions": [
                {"kind": "pregnancy", "text": "Usually put off.", "source": "guide", "checked_on": None}
            ],
            "emergency_signs": "Trouble breathing.",
            "emergency_source": "label",
        },
        {
            "slug": "toxin",
            "name": "Botulinum toxin",
            "generic": None,
            "parent": None,
            "kind": "injectable",
            "body_areas": [],
            "summary": "A family.",
            "description": "A family.",
            "prescription_only": True,
            "review_interval_months": 24,
            "synonyms": [],
            "uses": [],
            "cautions": [],
            "emergency_signs": None,
            "emergency_source": None,
        },
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """``folder(change)`` writes the file above, changed by a function, and gives its folder."""

    def written(change: Callable[[dict[str, Any]], Any] | None = None) -> Path:
        data = copy.deepcopy(FILE)
        if change:
            change(data)
        (tmp_path / "toxins.json").write_text(json.dumps(data))
        return tmp_path

    return written


def botox(data: dict[str, Any]) -> dict[str, Any]:
    return data["treatments"][0]


def rows() -> list[list[tuple]]:
    models = (Source, Treatment, TreatmentSynonym, TreatmentUse, LabelStatus, Caution)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def test_the_files_that_ship_are_in_order() -> None:
    shipped = read()
    assert len(shipped.entries) >= 75
    for slug, entry in shipped.entries.items():
        assert len(entry["summary"]) <= 200, slug
        assert entry["synonyms"], f"{slug} can be found under one name only"


def test_the_notices_that_ship_name_a_document_of_their_day() -> None:
    shipped = read()
    notices = [notice for entry in shipped.entries.values() for notice in entry.get("notices", [])]
    assert len(notices) >= 5
    for notice in notices:
        source = shipped.sources[notice["source"]]
        assert source["dated"] == notice["issued_on"], notice["product"]
        assert source["url"], notice["product"]


@pytest.mark.django_db
def test_all_that_a_file_says_arrives(folder) -> None:
    assert str(catalogue.load(folder())) == "2 new, 0 changed, 0 as before"
    treatment = Treatment.objects.get(slug="botox")
    assert treatment.is_reviewed
    assert treatment.parent.name == "Botulinum toxin"
    assert [area.name for area in treatment.body_areas.all()] == ["Face", "Lower legs and feet"]
    assert treatment.description_html.startswith("<p>It <strong>relaxes</strong> muscles.")
    assert "<script" not in treatment.description_html
    assert treatment.emergency_source.slug == "label"
    use = treatment.uses.get()
    assert (use.slug, use.body_area.slug, use.labels.get().status) == ("calves", "lower-legs", "off_label")
    assert treatment.cautions.get().checked_on is None


@pytest.mark.django_db
def test_loading_again_changes_nothing(folder) -> None:
    catalogue.load(folder())
    before = rows()
    assert str(catalogue.load(folder())) == "0 new, 0 changed, 2 as before"
    assert rows() == before


@pytest.mark.django_db
def test_what_editors_changed_stays_until_the_file_says_something_new(folder) -> None:
    catalogue.load(folder())
    Treatment.objects.filter(slug="botox").update(summary="An editor's sentence.")
    catalogue.load(folder())
    assert Treatment.objects.get(slug="botox").summary == "An editor's sentence."
    changes = catalogue.load(folder(lambda data: botox(data).update(summary="The next release's sentence.")))
    assert (changes.new, changes.changed, changes.same) == (0, 1, 1)
    assert Treatment.objects.get(slug="botox").summary == "The next release's sentence."


@pytest.mark.django_db
def test_a_new_edition_of_a_source_reaches_those_who_cite_it(folder) -> None:
    catalogue.load(folder())
    changes = catalogue.load(folder(lambda data: data["sources"]["label"].update(dated="2026-02")))
    assert changes.changed == 1
    assert Source.objects.get(slug="label").dated == "2026-02"


def with_notice(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: botox(data).update(notices=[{**NOTICE, **changes}])


@pytest.mark.django_db
def test_safety_notices_arrive_and_are_corrected_in_place(folder) -> None:
    catalogue.load(folder(with_notice()))
    notice = SafetyNotice.objects.get()
    assert (notice.treatment.slug, notice.source.slug) == ("botox", "guide")
    assert (notice.product, notice.issued_on.isoformat()) == ("Batch 9", "2025-11-05")
    changes = catalogue.load(folder(with_notice(text="Send it back.")))
    assert changes.changed == 1
    notice.refresh_from_db()
    assert notice.text == "Send it back."


@pytest.mark.django_db
def test_what_moderators_enter_and_withdraw_stays(folder) -> None:
    catalogue.load(folder(with_notice()))
    SafetyNotice.objects.update(withdrawn_on="2026-01-01")
    own = SafetyNoticeFactory(treatment=Treatment.objects.get(slug="botox"))
    catalogue.load(folder(with_notice(text="Send it back.")))
    assert SafetyNotice.objects.current().get() == own
    assert SafetyNotice.objects.count() == 2


@pytest.mark.django_db
def test_nothing_that_others_point_to_is_lost(folder) -> None:
    catalogue.load(folder())
    use = TreatmentUse.objects.get()
    question = QuestionFactory(published=True, treatment=use.treatment, use=use)

    def without_uses(data: dict[str, Any]) -> None:
        botox(data).update(uses=[], synonyms=[])

    catalogue.load(folder(without_uses))
    question.refresh_from_db()
    assert question.use == use
    assert question.treatment.slug == "botox"
    assert not TreatmentSynonym.objects.exists()


@pytest.mark.django_db
def test_a_treatment_that_an_import_created_becomes_reviewed_in_place(folder) -> None:
    imported = TreatmentFactory(slug="botox", name="botox", is_reviewed=False)
    changes = catalogue.load(folder())
    assert (changes.new, changes.changed) == (1, 1)
    treatment = Treatment.objects.get(slug="botox")
    assert (treatment.pk, treatment.name, treatment.is_reviewed) == (imported.pk, "Botox", True)


@pytest.mark.django_db
def test_a_name_in_use_elsewhere_is_said_and_nothing_is_written(folder) -> None:
    TreatmentFactory(slug="botox-imported", name="BOTOX", is_reviewed=False)
    with pytest.raises(catalogue.CatalogueError, match="“BOTOX” already, as botox-imported"):
        catalogue.load(folder())
    assert Treatment.objects.count() == 1
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_body_areas_keep_their_rows(folder) -> None:
    area = BodyAreaFactory(slug="face", name="Visage")
    catalogue.load(folder())
    area.refresh_from_db()
    assert area.name == "Face"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: botox(d).update(parent="toxine"), "toxins.json: botox: there is no parent “toxine”"),
        (lambda d: d["treatments"][1].update(parent="botox"), "“botox” is its own ancestor"),
        (lambda d: botox(d).update(body_areas=["knee"]), "botox: there is no body area “knee”"),
        (lambda d: botox(d).update(kind="magic"), "botox: treatment: kind “magic”"),
        (lambda d: botox(d).update(name="x" * 121), "botox: treatment: name"),
        (lambda d: botox(d).update(emergency_source=None), "emergency signs and their source go together"),
        (lambda d: botox(d).pop("cautions"), "botox (treatment 1): treatment: missing or unknown: cautions"),
        (lambda d: botox(d).update(colour="red"), "missing or unknown: colour"),
        (lambda d: botox(d)["cautions"][0].update(source="rumour"), "botox: there is no source “rumour”"),
        (
            lambda d: botox(d)["uses"][0]["labels"][0].update(status="fine"),
            "calves: label status: status “fine”",
        ),
        (lambda d: botox(d)["uses"][0]["labels"][0].update(checked_on="soon"), "checked_on “soon”"),
        (
            lambda d: botox(d)["uses"][0]["labels"].append(botox(d)["uses"][0]["labels"][0]),
            "“us” is given 2 times",
        ),
        (
            lambda d: botox(d)["synonyms"].append({"name": "BOTOX", "kind": "brand"}),
            "name “botox” is given 2 times",
        ),
        (lambda d: d["sources"]["label"].update(url="gopher"), "label: source: url “gopher”"),
        (lambda d: d["sources"]["label"].update(dated="last year"), "“last year” is not YYYY"),
        (lambda d: d["treatments"].append(botox(d)), "botox: is in toxins.json already"),
        (lambda d: d["treatments"][1].update(name="botox"), "another treatment is called “botox” too"),
        (lambda d: d["treatments"].append("botox"), "expected an object, found 'botox'"),
        (with_notice(source="rumour"), "botox: there is no source “rumour”"),
        (with_notice(issued_on="soon"), "issued_on “soon”"),
        (with_notice(text="x" * 601), "safety notice: text"),
        (with_notice(withdrawn_on="2025-11-04"), "a notice cannot end before it was issued"),
        (lambda d: botox(d).update(notices=[NOTICE, NOTICE]), "notice from “guide” is given 2 times"),
        (lambda d: botox(d).update(notices=[{}]), "notices: missing or unknown: issued_on"),
        (lambda d: botox(d).update(notices=None), "“notices” is no list"),
        (lambda d: botox(d).update(body_areas=None), "“body_areas” is no list"),
        (lambda d: botox(d).update(synonyms="btx"), "“synonyms” is no list"),
        (lambda d: botox(d)["uses"][0].update(labels=None), "“labels” is no list"),
        (lambda d: botox(d)["uses"].append({}), "uses: missing or unknown: body_area"),
        (lambda d: d.pop("sources"), "expected an object with “sources” and “treatments”"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_entry(folder, change, sentence: str) -> None:
    with pytest.raises(catalogue.CatalogueError) as caught:
        read(folder(change))
    assert any(sentence in problem for problem in caught.value.problems), caught.value.problems
    assert all(problem.startswith("toxins.json") for problem in caught.value.problems)


def test_every_problem_is_said_at_once(folder) -> None:
    def change(data: dict[str, Any]) -> None:
        botox(data).update(kind="magic", parent="toxine")

    with pytest.raises(catalogue.CatalogueError) as caught:
        read(folder(change))
    assert len(caught.value.problems) == 2


def test_files_that_are_no_json_or_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(catalogue.CatalogueError, match="no catalogue file"):
        read(tmp_path)
    (tmp_path / "half.json").write_bytes(b'{"sources": \xff')
    with pytest.raises(catalogue.CatalogueError, match=r"half.json: not JSON"):
        read(tmp_path)


class TestAfterAMerge:
    """The files still hold the entry of what was merged."""

    @pytest.fixture
    def merged_folder(self, folder) -> Callable[..., Path]:
        def second(data: dict[str, Any]) -> None:
            twin = copy.deepcopy(botox(data))
            twin.update(slug="twin", name="Twin", synonyms=[{"name": "twin jab", "kind": "lay"}], uses=[])
            twin["cautions"] = [{"kind": "sun", "text": "Stay out.", "source": "guide", "checked_on": None}]
            member = copy.deepcopy(twin)
            member.update(slug="member", name="Member", parent="twin", synonyms=[], cautions=[])
            data["treatments"] += [twin, member]

        def written(change: Callable[[dict[str, Any]], Any] = lambda data: None) -> Path:
            return folder(lambda data: (second(data), change(data)))

        catalogue.load(written())
        merged(Treatment.objects.get(slug="twin"), Treatment.objects.get(slug="botox"))
        return written

    @pytest.mark.django_db
    def test_it_does_not_come_back(self, merged_folder) -> None:
        def renewed(data: dict[str, Any]) -> None:
            data["treatments"][2].update(summary="The next release.")

        for change in (lambda data: None, renewed):
            changes = catalogue.load(merged_folder(change))
            assert str(changes).endswith("3 as before; merged into others and left out: twin")
            assert not Treatment.objects.filter(slug="twin").exists()

    @pytest.mark.django_db
    def test_what_came_with_it_outlives_a_release(self, merged_folder) -> None:
        catalogue.load(merged_folder(lambda data: botox(data).update(summary="The next release.")))
        target = Treatment.objects.get(slug="botox")
        assert target.summary == "The next release."
        assert target.former_slugs == ["twin"]
        assert {"Twin", "twin jab"} <= set(target.synonyms.values_list("name", flat=True))
        assert set(target.cautions.values_list("text", flat=True)) == {"Usually put off.", "Stay out."}

    @pytest.mark.django_db
    def test_emergency_signs_and_body_areas_that_came_stay(self, folder) -> None:
        def silent(data: dict[str, Any]) -> None:
            botox(data).update(emergency_signs=None, emergency_source=None, body_areas=["face"])

        catalogue.load(folder(silent))
        document = Source.objects.get(slug="label")
        twin = TreatmentFactory(name="Twin", emergency_signs="Blue lips.", emergency_source=document)
        twin.body_areas.add(BodyAreaFactory(slug="eyes"))
        merged(twin, Treatment.objects.get(slug="botox"))
        catalogue.load(folder(lambda data: (silent(data), botox(data).update(summary="The next release."))))
        target = Treatment.objects.get(slug="botox")
        assert target.summary == "The next release."
        assert (target.emergency_signs, target.emergency_source) == ("Blue lips.", document)
        assert {area.slug for area in target.body_areas.all()} == {"face", "eyes"}
        catalogue.load(folder())
        target.refresh_from_db()
        assert target.emergency_signs == "Trouble breathing."

    @pytest.mark.django_db
    def test_its_members_stay_where_they_came_to(self, merged_folder) -> None:
        Treatment.objects.filter(slug="member").update(summary="An editor's sentence.")
        assert catalogue.load(merged_folder()).changed == 0
        assert Treatment.objects.get(slug="member").summary == "An editor's sentence."
        catalogue.load(merged_folder(lambda data: data["treatments"][3].update(summary="The next release.")))
        member = Treatment.objects.get(slug="member")
        assert (member.summary, member.parent.slug) == ("The next release.", "botox")

    @pytest.mark.django_db
    def test_a_new_member_of_it_belongs_to_the_target(self, merged_folder) -> None:
        def added(data: dict[str, Any]) -> None:
            entry = copy.deepcopy(data["treatments"][3])
            data["treatments"].append(entry | {"slug": "later", "name": "Later"})

        catalogue.load(merged_folder(added))
        assert Treatment.objects.get(slug="later").parent.slug == "botox"

    @pytest.mark.django_db
    def test_a_family_merged_into_its_member_makes_no_circle(self, folder) -> None:
        catalogue.load(folder())
        merged(Treatment.objects.get(slug="toxin"), Treatment.objects.get(slug="botox"))
        catalogue.load(folder(lambda data: botox(data).update(summary="The next release.")))
        target = Treatment.objects.get()
        assert (target.summary, target.parent) == ("The next release.", None)

    @pytest.mark.django_db
    def test_a_chosen_label_outlives_a_release_that_says_otherwise(self, folder) -> None:
        catalogue.load(folder())
        target, twin = Treatment.objects.get(slug="botox"), TreatmentFactory(name="Twin")
        use = target.uses.get()
        chosen = LabelStatusFactory(use=UseFactory(treatment=twin, slug="calves"), status="approved")
        merged(twin, target, **{f"label_{use.pk}_US": chosen})
        catalogue.load(folder(lambda data: botox(data).update(summary="The next release.")))
        assert use.labels.get() == chosen

    @pytest.mark.django_db
    def test_a_notice_of_the_same_document_is_corrected_beside_the_one_that_came(self, folder) -> None:
        catalogue.load(folder(with_notice()))
        twin = TreatmentFactory(name="Twin")
        SafetyNoticeFactory(treatment=twin, source=Source.objects.get(slug="guide"), text="Of theirs.")
        merged(twin, Treatment.objects.get(slug="botox"))
        catalogue.load(folder(with_notice(text="Send it back.")))
        assert sorted(SafetyNotice.objects.values_list("text", flat=True)) == ["Of theirs.", "Send it back."]

    @pytest.mark.django_db
    def test_the_files_that_ship_load_after_any_merge(self) -> None:
        """Specialties, members and the demonstration name what was merged."""
        call_command("load_catalogue", verbosity=0)
        source, target = Treatment.objects.get(slug="botox"), Treatment.objects.get(slug="dysport")
        plan = plan_of(source, target)
        chosen = {group.key.replace("-", "_"): group.options[0] for group in plan.conflicts}
        merged(source, target, **chosen | ({"signs": target} if len(plan.signs) > 1 else {}))
        before = {row.pk: set(row.in_scope.all()) for row in Specialty.objects.all()}
        out = io.StringIO()
        call_command("load_catalogue", stdout=out)
        assert "0 new, 0 changed" in out.getvalue().splitlines()[0]
        assert "left out: botox" in out.getvalue().splitlines()[0]
        assert {row.pk: set(row.in_scope.all()) for row in Specialty.objects.all()} == before
        LoadedEntry.objects.all().delete()
        call_command("load_catalogue", verbosity=0)
        assert not Treatment.objects.filter(slug="botox").exists()
        assert {row.pk: set(row.in_scope.all()) for row in Specialty.objects.all()} == before
