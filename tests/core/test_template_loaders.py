"""Pages lose the white space of their templates, and nothing else."""

import re

import pytest
from django.template import Context, Engine

from core.template_loaders import tightened

PAGE = """
<ul>
  {% for word in words %}
    {# one row each #}
    <li>
      {% if word %}<b>{{ word }}</b>{% endif %} and
      more
    </li>
  {% endfor %}
</ul>
"""


@pytest.mark.parametrize("words", [[], ["one"], ["one", "", "two  words"]])
def test_what_is_seen_stays_the_same(words: list[str]) -> None:
    def printed(source: str) -> str:
        return Engine().from_string(source).render(Context({"words": words}))

    def seen(html: str) -> str:
        """As a browser shows it: white space beside the tags of blocks is nothing."""
        return re.sub(r"\s*(</?(?:ul|li)>)\s*", r"\1", re.sub(r"\s+", " ", html)).strip()

    before, after = printed(PAGE), printed(tightened(PAGE))
    assert seen(after) == seen(before)
    assert len(after) < len(before)


def test_a_line_of_tags_leaves_no_line_behind() -> None:
    assert (
        tightened("<p>\n  {% if a %}\n    b\n  {% endif %}\n</p>\n") == "<p>\n{% if a %}b\n{% endif %}</p>\n"
    )


def test_words_on_two_lines_stay_two_words() -> None:
    assert (
        tightened("<p>one\n   two {% if a %}\n  three{% endif %}</p>")
        == "<p>one\ntwo {% if a %}\nthree{% endif %}</p>"
    )
