"""Structured data can be read by machines and can end no script element."""

import json

from hypothesis import given
from hypothesis import strategies as st

from core.jsonld import breadcrumbs, script

START, END = '<script type="application/ld+json">', "</script>"


@given(
    st.text(max_size=80)
    | st.sampled_from(["</script><script>zq9()</script>", "<!--", "]]>", "\u2028", "&lt;"])
)
def test_whatever_it_says_stays_inside(text: str) -> None:
    """T-IN-02"""
    block = script({"name": text, "@type": "Thing"})
    inside = block[len(START) : -len(END)]
    assert block.startswith(START)
    assert block.endswith(END)
    assert not set("<>&\u2028\u2029") & set(inside)
    assert json.loads(inside).get("name", "") == text


def test_empty_values_are_left_out() -> None:
    block = script({"@type": "Thing", "a": "", "b": None, "c": [], "d": {}, "e": 0, "f": False})
    assert json.loads(block[len(START) : -len(END)]) == {
        "@context": "https://schema.org", "@type": "Thing", "e": 0, "f": False
    }  # fmt: skip


def test_the_way_here_is_numbered_and_its_end_has_no_address() -> None:
    crumbs = breadcrumbs("https://candor.example", [("Treatments", "/treatments/"), ("Botox", None)])
    assert crumbs["itemListElement"] == [
        {
            "@type": "ListItem",
            "position": 1,
            "name": "Treatments",
            "item": "https://candor.example/treatments/",
        },
        {"@type": "ListItem", "position": 2, "name": "Botox"},
    ]
