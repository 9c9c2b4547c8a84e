"""Terms explained where they stand, and never at the cost of the text."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text import ALLOWED_TAGS, plain, render
from tests.factories import (
    AnswerFactory,
    CautionFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)
from treatments.models import Term
from treatments.terms import Explainer, Glossary, words_of

BUTTON = re.compile(
    r'<dfn><button type="button" popovertarget="term-([a-z-]+)">([^<]*)</button>([,.;:!?)]*)</dfn>'
)
TERMS = [
    Term(pk=1, slug="ptosis", name="Ptosis", also="brow ptosis", explanation="Drooping."),
    Term(pk=2, slug="off-label", name="Off-label", also="off label", explanation="Beyond the label."),
    Term(pk=3, slug="seroma", name="Seroma", also="seromas", explanation="Fluid."),
    Term(pk=4, slug="odd", name="a < b & c", explanation="A form with signs."),
]


def explainer() -> Explainer:
    from html import escape

    return Explainer(Glossary("1", {escape(f.lower(), quote=False): t for t in TERMS for f in t.forms}))


def terms_in(html: str) -> list[tuple[str, str]]:
    return [(slug, words) for slug, words, _ in BUTTON.findall(html)]


def marked(html: str) -> list[tuple[str, str]]:
    return terms_in(explainer()(html))


class TestWhatIsExplained:
    @pytest.mark.parametrize(
        ("html", "found"),
        [
            ("<p>Ptosis came, and ptosis went.</p>", [("ptosis", "Ptosis")]),
            ("<p>It is OFF-LABEL here.</p>", [("off-label", "OFF-LABEL")]),
            ("<p>A brow ptosis, and a ptosis.</p>", [("ptosis", "brow ptosis")]),
            ("<p>Blepharoptosis, non-off-label, ptosis-like</p>", []),
            ("<p>(Seromas!) <strong>ptosis</strong></p>", [("seroma", "Seromas"), ("ptosis", "ptosis")]),
            ('<p><a href="https://x.org/">ptosis</a> then ptosis</p>', [("ptosis", "ptosis")]),
            ("<pre><code>ptosis</code></pre><h3>seroma</h3>", []),
            ('<p><a href="https://x.org/ptosis">here</a></p>', []),
            (
                "<ul><li>seroma</li></ul><blockquote><p>ptosis</p></blockquote>",
                [("seroma", "seroma"), ("ptosis", "ptosis")],
            ),
        ],
    )
    def test_the_first_of_each_outside_what_one_presses(self, html: str, found: list) -> None:
        assert marked(html) == found

    def test_a_sign_behind_a_term_is_not_parted_from_it(self) -> None:
        assert explainer()("<p>(A seroma), and ptosis.</p>").count("</button>),</dfn> and") == 1
        assert explainer()("<p>Is it ptosis?</p>").endswith("</button>?</dfn></p>")

    def test_the_texts_of_a_page_share_their_first_occurrence(self) -> None:
        explain = explainer()
        assert "<dfn>" in explain("<p>ptosis</p>")
        assert "<dfn>" not in explain("<p>ptosis</p>")
        assert [term.slug for term in explain.used] == ["ptosis"]

    def test_a_text_without_terms_is_returned_as_it_is(self) -> None:
        html = "<p>Nothing &amp; nobody.</p>"
        assert explainer()(html) is html


SNIPPETS = st.sampled_from(
    [
        "ptosis", "off-label", "SEROMAS", "brow ptosis", " ", "\n", "&", "&amp;", "&lt;", "<", ">", "</", "<!--", "-->",
        "<p>", "</p>", "<strong>", "</strong>", "<a href='https://x.org/ptosis?a=\">seroma'>", "</a>", "<code>", "</code>",
        "<script>", "</script>", "<style>", "<svg/onload=x>", "<![CDATA[", "]]>", "<?php", "<img src=x onerror=ptosis>",
        "**", "`", "[ptosis](https://x.org)", "\u202e", "\x00", "İ", "ß", "<textarea>", "<p title='", "<br/>", "<a/>",
    ]
)  # fmt: skip
SOURCES = st.lists(st.one_of(SNIPPETS, st.text(max_size=8)), max_size=30).map("".join)


class _Structure(HTMLParser):
    """Words and tags as a parser meets them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.tags, self.open = "", [], []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, tuple(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@settings(max_examples=400, deadline=None)
@given(SOURCES, st.sampled_from(["markdown", "html", "text"]))
def test_of_any_cleaned_text_nothing_changes_but_the_buttons(source: str, body_format: str) -> None:
    before = render(source, body_format)
    after = explainer()(before)
    assert BUTTON.sub(r"\2\3", after) == before
    was, now = _Structure(before), _Structure(after)
    assert now.words == was.words
    assert now.open == was.open == []
    assert {tag for tag, _ in now.tags} <= ALLOWED_TAGS | {"dfn", "button"}
    assert [t for t in now.tags if t[0] not in {"dfn", "button"}] == was.tags
    for tag, attrs in now.tags:
        assert tag != "button" or dict(attrs).keys() == {"type", "popovertarget"}
    assert unescape(plain(after)) == unescape(plain(before))


@settings(max_examples=400, deadline=None)
@given(SOURCES)
def test_even_of_what_was_never_cleaned_only_words_are_touched(source: str) -> None:
    after = explainer()(source)
    assert BUTTON.sub(r"\2\3", after) == source
    for start, end in words_of(source):
        assert "<" not in source[start:end]


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def ptosis(self) -> Term:
        return Term.objects.create(slug="ptosis", name="Ptosis", explanation="Drooping of a lid.")

    def page(self, client: Client, url: str) -> str:
        response = client.get(url)
        assert response.status_code == 200
        return response.content.decode()

    def test_a_thread_explains_the_first_and_says_it_once_at_its_end(self, client: Client, ptosis) -> None:
        question = QuestionFactory(published=True, body_html="<p>Is this ptosis?</p>")
        AnswerFactory(
            published=True, question=question, summary="It is a ptosis.", body_html="<p>Ptosis it is.</p>"
        )
        html = self.page(client, question.get_absolute_url())
        assert terms_in(html) == [("ptosis", "ptosis")]
        assert html.count('<span class="term" id="term-ptosis" popover>') == 1
        assert "Drooping of a lid." in html
        assert 'name="description"' in html
        assert "Is this ptosis?" in re.search(r'name="description" content="([^"]*)"', html)[1]  # type: ignore[index]
        assert all("dfn" not in block for block in re.findall(r"ld\+json\">(.*?)</script>", html))

    def test_a_guide_explains_its_description(self, client: Client, ptosis) -> None:
        treatment = TreatmentFactory(description_html="<p>A rare ptosis passes.</p>")
        html = self.page(client, treatment.get_absolute_url())
        assert terms_in(html) == [("ptosis", "ptosis")]
        assert 'id="term-ptosis"' in html

    def test_a_use_and_its_cautions_are_explained_and_stay_text(self, client: Client, ptosis) -> None:
        use = UseFactory(summary="Lifts <b>brows & lids.")
        CautionFactory(treatment=use.treatment, text="Ptosis may come; ptosis passes in < 3 weeks.")
        html = self.page(client, use.get_absolute_url())
        assert "Lifts &lt;b&gt;brows &amp; lids." in html
        assert terms_in(html) == [("ptosis", "Ptosis")]
        assert "passes in &lt; 3 weeks." in html
        guide = self.page(client, use.treatment.get_absolute_url())
        assert terms_in(guide) == [("ptosis", "Ptosis")]
        assert 'id="term-ptosis"' in guide

    def test_an_edit_shows_at_the_next_request_and_costs_no_query_after(self, client: Client, ptosis) -> None:
        question = QuestionFactory(published=True, body_html="<p>Is this ptosis or a seroma?</p>")
        url = question.get_absolute_url()
        self.page(client, url)
        ptosis.explanation = "A lid that hangs."
        ptosis.save()
        assert "A lid that hangs." in self.page(client, url)
        with CaptureQueriesContext(connection) as captured:
            self.page(client, url)
        assert not [query["sql"] for query in captured if query["sql"].startswith('SELECT "treatments_term"')]
        seroma = Term.objects.create(slug="seroma", name="Seroma", explanation="Fluid.")
        assert "Fluid." in self.page(client, url)
        seroma.delete()
        assert "Fluid." not in self.page(client, url)

    def test_moderators_keep_the_list_and_every_change_is_recorded(
        self, client: Client, ptosis, sign_in
    ) -> None:
        judge = sign_in(moderator())
        data = {
            "slug": "ptosis",
            "name": "Ptosis",
            "also": "drooping",
            "explanation": "A lid that hangs.",
            "source": "",
            "why": "Plainer.",
        }
        response = judge.post(f"/admin/treatments/term/{ptosis.pk}/change/", data)
        assert response.status_code == 302
        before = ptosis.changed_at
        ptosis.refresh_from_db()
        assert ptosis.also == "drooping"
        assert ptosis.changed_at > before
        assert "Explanation" in judge.get(f"/admin/treatments/term/{ptosis.pk}/history/").content.decode()
