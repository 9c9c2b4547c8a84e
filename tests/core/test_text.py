"""Text from people: safe in every format, whole where it can be."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.enums import BodyFormat
from core.pagination import BIGINT_MAX
from core.text import (
    ALLOWED_TAGS,
    LINK_REL,
    clean_body,
    clean_line,
    ended,
    excerpt,
    number_in,
    opening,
    plain,
    render,
)

ANY_TEXT = st.text(max_size=400) | st.lists(
    st.sampled_from(
        ["<script>", "</p>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](//e.org)", "**", "- ", "> ", "\n\n",
         "`", "<a href='", "&lt;b&gt;", "&#106;avascript:", "http://e.org/?a=1&b=2", "\x00", "\u202e", "word"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(ANY_TEXT, st.sampled_from(BodyFormat.values))
def test_only_the_small_vocabulary_leaves(source: str, body_format: str) -> None:
    """T-IN-02: no tag, attribute or scheme beyond the list, whatever came in."""
    rendered = render(clean_body(source), body_format)
    tree = html5lib.parseFragment(rendered, treebuilder="etree", namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in ALLOWED_TAGS
        assert set(element.attrib) <= {"href", "rel"}
        if "href" in element.attrib:
            assert element.attrib["href"].startswith(("http://", "https://"))
            assert element.attrib["rel"] == LINK_REL


@given(st.text(max_size=300))
def test_cleaned_lines_are_lines(value: str) -> None:
    line = clean_line(value)
    assert "\n" not in line
    assert "\x00" not in line
    assert line == line.strip()
    assert clean_line(line) == line


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(value: str) -> None:
    assert clean_body(clean_body(value)) == clean_body(value)


def test_markdown_keeps_what_a_letter_needs() -> None:
    source = "One **bold** and *soft*.\n\n- first\n- second\n\n> quoted\n\n[here](https://example.org/)"
    rendered = render(source)
    for part in (
        "<strong>bold</strong>",
        "<em>soft</em>",
        "<li>first</li>",
        "<blockquote>",
        'href="https://example.org/"',
    ):
        assert part in rendered


def test_markdown_has_no_headings_images_or_raw_html() -> None:
    rendered = render("# Big\n\n![x](https://e.org/a.png)\n\n<b>raw</b>")
    assert "<h1>" not in rendered
    assert "<img" not in rendered
    assert "<b>" not in rendered
    assert "&lt;b&gt;raw" in rendered


def test_entities_in_plain_text_are_decoded_once_and_never_live() -> None:
    rendered = render("Tom &amp; Jerry &lt;b&gt;bold&lt;/b&gt; &#8217;s", BodyFormat.TEXT)
    assert rendered == "<p>Tom &amp; Jerry &lt;b&gt;bold&lt;/b&gt; ’s</p>"


def test_html_keeps_paragraphs_and_safe_links() -> None:
    source = '<p>One</p><script>alert(1)</script><p onclick="x()">Two <a href="javascript:alert(1)">bad</a> <a href="https://example.org/">ok</a></p>'
    rendered = render(source, BodyFormat.HTML)
    assert "<p>One</p>" in rendered
    assert "alert" not in rendered
    assert "onclick" not in rendered
    assert 'href="https://example.org/"' in rendered


@pytest.mark.parametrize("address", ["//example.org/x", "/accounts/logout/", "?page=2", "#answers", "x.html"])
@pytest.mark.parametrize(
    ("body_format", "link"), [("markdown", "[here]({})"), ("html", '<a href="{}">here</a>')]
)
def test_a_link_says_where_it_leads(address: str, body_format: str, link: str) -> None:
    """T-CF-11: neither another site without a scheme nor, under somebody's name, a page of ours."""
    rendered = render(link.format(address), body_format)
    assert "href" not in rendered
    assert "here" in rendered


def test_overrides_cannot_disturb_neighbours() -> None:
    assert clean_line("Bo\u200btox \u202eevil\u202c safe") == "Botox evil safe"


def test_joined_emoji_and_other_scripts_stay_whole() -> None:
    for text in ("👩🏽\u200d⚕️ ok", "هل البوتوكس آمن؟", "שאלה"):
        assert clean_line(text) == text


@pytest.mark.parametrize("length", [10, 50, 200])
def test_excerpts_end_between_words(length: int) -> None:
    text = excerpt("<p>" + "several words in a row " * 40 + "</p>", length)
    assert len(text) <= length
    assert text.endswith("…")


def test_plain_gives_the_words_back() -> None:
    assert plain("<p>A &amp; B</p><ul><li>c</li></ul>").split() == ["A", "&", "B", "c"]


@pytest.mark.parametrize("code", ["\ufffe", "\uffff", "\x07", "\x85"])
def test_what_no_feed_can_carry_is_not_stored(code: str) -> None:
    assert clean_body(f"one{code}two") == "onetwo"


@given(
    st.lists(
        st.sampled_from(["A few words.", "word " * 60, "- one\n- two\n\n  more", "> said\n>\n> again"]),
        max_size=8,
    )
)
def test_a_long_text_opens_with_whole_paragraphs_and_loses_nothing(parts: list[str]) -> None:
    rendered = render("\n\n".join(parts))
    head, rest = opening(rendered)
    assert head + rest == rendered
    for part in (head, rest):
        for tag in ("p", "ul", "li", "blockquote"):
            assert part.count(f"<{tag}>") == part.count(f"</{tag}>")
    assert not rest or len(plain(head)) >= 200


def test_a_short_text_is_not_cut() -> None:
    rendered = render("Two words.\n\nThree more words.")
    assert opening(rendered) == (rendered, "")


@given(st.text() | st.integers(0, 10**18 - 1).map(str))
def test_a_number_is_read_as_what_it_says_and_everything_else_as_none_of_ours(given: str) -> None:
    number = number_in(given)
    assert 0 <= number <= BIGINT_MAX
    assert number == 0 or str(number) == given.lstrip("0")


@pytest.mark.parametrize("given", ["", "-1", "1.0", " 1", "٣", "²", "9" * 19, "9" * 5000])
def test_what_is_no_number_of_ours_is_none(given: str) -> None:
    assert number_in(given) == 0


@pytest.mark.parametrize("words", ["Can it wait?", "It can.", "“Can it wait?”", "And then…", "(Really!)", ""])
def test_a_sentence_that_has_its_mark_gets_no_second_one(words: str) -> None:
    assert ended(words) == words


@pytest.mark.parametrize("words", ["It can", "“Botox”", "3)", "a:"])
def test_a_sentence_without_a_mark_is_ended(words: str) -> None:
    assert ended(words) == f"{words}."
