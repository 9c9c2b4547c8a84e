"""What the gallery shows: every component in every state, with invented people."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django import forms

from answers.consensus import Bar, Mark, bar_of
from answers.enums import Stance
from config.gallery_cases import cases
from config.gallery_counted import counted
from config.gallery_explained import explained
from config.gallery_told import statements
from core.diff import words_changed

INITIALS = ["JR", "MO", "AK", "PL", "SV", "TN", "EB", "DW", "HC", "RF"]


class GalleryForm(forms.Form):
    """One field of every kind; the bound copy shows the errors."""

    title = forms.CharField(max_length=120, help_text="One sentence, as you would say it to a friend.")
    summary = forms.CharField(
        max_length=200, widget=forms.Textarea(attrs={"rows": 3, "data-counter": "200"}), required=False
    )
    stage = forms.ChoiceField(
        choices=[("before", "Considering it"), ("after", "Had it done")], widget=forms.RadioSelect
    )
    stance = forms.ChoiceField(
        choices=Stance.choices, widget=forms.RadioSelect, help_text="Where you stand on this question."
    )
    areas = forms.MultipleChoiceField(
        choices=[("face", "Face"), ("neck", "Neck"), ("legs", "Legs")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    treatment = forms.ChoiceField(choices=[("", "Choose one"), ("botox", "Botox"), ("ipl", "IPL")])
    asked_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    photo = forms.FileField(required=False, help_text="JPEG, PNG, WebP or HEIC.")
    adult = forms.BooleanField(label="I am an adult and know that this is not medical advice")


class FilterForm(forms.Form):
    """The filters of a thread list."""

    sort = forms.ChoiceField(
        choices=[("helpful", "Most helpful"), ("newest", "Newest"), ("waiting", "Waiting longest")],
        required=False,
    )
    stage = forms.ChoiceField(
        choices=[("", "Before or after"), ("before", "Considering it"), ("after", "Had it done")],
        required=False,
    )
    stance = forms.ChoiceField(choices=[("", "Any position"), *Stance.choices], required=False)


def bar(**counts: int) -> Bar:
    """A bar as the thread page gets one."""
    order = [stance for stance, count in counts.items() for _ in range(count)]
    marks = [
        Mark(INITIALS[i % 10], stance, f"Doctor {i + 1}, MD", f"#answer-{i + 1}")
        for i, stance in enumerate(order)
    ]
    return bar_of(counts, marks)


def doctor(name: str, initials: str, standing: str = "verified") -> dict[str, Any]:
    """A doctor as the cards read one."""
    return {
        "name": name,
        "title": "MD",
        "initials": initials,
        "slug": initials.lower(),
        "get_absolute_url": "#",
        "specialty": {"name": "Plastic surgery"},
        "city": "Memphis",
        "region": "TN",
        "country": "US",
        "standing_now": standing,
        "verified_on": date(2026, 5, 12) if standing == "verified" else None,
    }


def answer(pk: int, **changes: Any) -> dict[str, Any]:
    """An answer as its card reads one."""
    return {
        "pk": pk,
        "practised_in": "US" if pk % 2 else "GB",
        "doctor": doctor("Julia Rowe", "JR"),
        "author_snapshot": {
            "title": "MD",
            "specialty": "Plastic surgery",
            "board": "American Board of Plastic Surgery",
            "place": "Memphis, TN",
            "licence": "current, Tennessee",
            "checked_on": "2026-05-12",
        },
        "snapshot_checked_on": date(2026, 5, 12),
        "stance": "against",
        "get_stance_display": "Advises against",
        "confidence": "high",
        "get_confidence_display": "High",
        "reason": "safety",
        "get_reason_display": "Safety",
        "summary": "The amount needed for a thigh or arm would be unsafe.",
        "body_html": "<p>Toxin does thin the muscle it silences. A calf or a deltoid is many times larger "
        "than the muscle of the jaw, and the dose grows with it.</p><ul><li>Strength goes first.</li>"
        "<li>Shape follows, slowly and not for long.</li></ul>"
        "<p>Exercise and time are the better lever here.</p>",
        "citation_links": [
            {
                "kind": "Label",
                "label": "Prescribing information, boxed warning: distant spread of toxin effect",
                "url": None,
            }
        ],
        "conflict_of_interest": "",
        "answered_at": datetime(2026, 3, 6, 12, tzinfo=UTC),
        "published_at": datetime(2026, 3, 6, tzinfo=UTC),
        "helpful_count": 42,
        "scope": "in",
        "is_accepted": False,
        "freshness": {"state": "current", "confirmed_on": date(2026, 5, 12)},
        "state": "published",
        "get_state_display": "Published",
        **changes,
    }


def opinion(pk: int, **changes: Any) -> dict[str, Any]:
    """A second opinion as its line reads one."""
    return {
        "pk": pk,
        "doctor": doctor("Omar Haddad", "OH"),
        "author_snapshot": {"specialty": "Vascular surgery"},
        "kind": "cosign",
        "get_kind_display": "Co-signature",
        "stance": "against",
        "get_stance_display": "Advises against",
        "note": "",
        "published_at": datetime(2026, 4, 2, 12, tzinfo=UTC),
        **changes,
    }


def second_opinions() -> dict[str, Any]:
    """An answer that others co-signed and disputed."""
    dispute = {
        "kind": "dispute",
        "stance": "conditions",
        "get_stance_display": "Supports with conditions",
        "reason": "selection",
        "get_reason_display": "Patient selection",
        "note": "For a calf, in somebody who has been examined, I would not rule it out.",
    }
    return {
        "cosigned": [
            opinion(1),
            opinion(2, doctor=doctor("Luis Duarte", "LD", "suspended"), is_about_earlier_version=True),
        ],
        "disputed": [opinion(3, doctor=doctor("Ji-woo Kim", "JK"), **dispute)],
    }


def answers() -> list[dict[str, Any]]:
    """One answer in each state a reader, its author or a moderator may see."""
    return [
        answer(1, is_accepted=True, **second_opinions()),
        answer(
            2,
            doctor=doctor("Helen Chen", "HC"),
            stance="conditions",
            get_stance_display="Supports with conditions",
            reason="",
            scope="out",
            summary="Calves only, low dose, by someone who does it often.",
            conflict_of_interest="Has been paid by a maker of toxin to train injectors.",
            freshness={"state": "due", "confirmed_on": date(2025, 10, 1), "due_on": date(2026, 10, 1)},
            version_number=2,
            version_at=datetime(2025, 10, 1, tzinfo=UTC),
        ),
        answer(
            3,
            doctor=doctor("Luis Duarte", "LD", "suspended"),
            stance="exam",
            get_stance_display="Needs an in-person exam",
            freshness={
                "state": "lapsed",
                "confirmed_on": date(2025, 3, 1),
                "due_on": date(2026, 3, 1),
                "predates": [notice()],
            },
        ),
        answer(
            4,
            doctor=doctor("Per Lindqvist", "PL"),
            stance="unknown",
            get_stance_display="Not enough evidence",
            state="pending",
            get_state_display="Awaiting review",
            freshness=None,
        ),
    ]


def notice() -> dict[str, Any]:
    """A safety notice, a real one."""
    return {
        "product": "Unapproved botulinum toxin sold online",
        "text": "Eighteen websites were warned for selling botulinum toxin that the FDA has not approved.",
        "issued_on": date(2025, 11, 5),
        "source": {
            "title": "18 warning letters over unapproved and misbranded botulinum toxin products",
            "publisher": "US Food and Drug Administration",
            "url": "https://www.fda.gov/news-events/fda-newsroom/press-announcements",
            "dated": "2025-11-05",
        },
    }


def thread(title: str, stances: list[str], waiting: int | None = None) -> dict[str, Any]:
    """A thread as a list row reads one."""
    return {
        "question": {
            "title": title,
            "get_absolute_url": "#",
            "treatment": "Botox",
            "use": "Calf reduction",
            "asked_at": datetime(2026, 3, 4, 12, tzinfo=UTC),
            "get_stage_display": "Considering it",
        },
        "answer_count": len(stances),
        "bar": bar_of(Counter(stances)),
        "waiting_days": waiting,
    }


def samples() -> dict[str, Any]:
    """Everything ``templates/gallery.html`` shows."""
    form = GalleryForm(data={"title": "", "stance": "maybe", "summary": "The amount needed would be unsafe."})
    form.is_valid()
    return {
        "bars": [
            replace(bar(against=8, conditions=1, exam=1), cosigned=2, disputed=1),
            bar(supports=3, conditions=2, against=3, unknown=1, exam=1),
            bar(against=2),
            bar(supports=24, conditions=11, against=6, unknown=2, exam=3),
        ],
        "stances": Stance.choices,
        "statuses": ["approved", "cleared", "off_label", "not_permitted", "none"],
        "standings": ["verified", "suspended", "ended", "expired", "unverified"],
        "verified_on": date(2026, 5, 12),
        "states": ["published", "pending", "draft", "rejected", "removed"],
        "answers": answers(),
        "doctors": [
            doctor("Julia Rowe", "JR"),
            doctor("Miguel Ortega", "MO"),
            doctor("Luis Duarte", "LD", "suspended"),
        ],
        "threads": [
            thread(
                "Can Botox make the muscles of my legs or arms smaller?",
                ["against"] * 8 + ["conditions", "exam"],
            ),
            thread(
                "Masseter slimming: will chewing feel different?",
                ["supports"] * 4 + ["conditions", "unknown"],
            ),
            thread("Deltoid asymmetry after training", ["against"] * 2),
            thread("My brow feels heavy since last week. Does it lift again by itself?", [], 12),
        ],
        "crumbs": [
            ("Treatments", "/treatments/"),
            ("Botox", "#"),
            ("Uses", "#"),
            ("Leg and arm muscles", None),
        ],
        "statements": statements(),
        "explained": explained(),
        "counted": counted(),
        "cases": cases(),
        "notices": [notice()],
        "changed": words_changed(
            "Calves may be treated.", "Calves may be treated by someone who does it often."
        ),
        "page": {"next_url": "?after=x", "first_url": "?"},
        "form": form,
        "filter": {"form": FilterForm(auto_id="filter_%s")},
        "signs": [
            "Trouble swallowing, speaking or breathing",
            "Sudden loss of sight, or double vision",
            "Weakness far from where you were injected",
        ],
    }
