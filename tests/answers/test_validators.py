"""Which citations can be stored."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from answers.models import Answer
from answers.validators import MAX_CITATIONS, validate_citations

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kind", "value", "title", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "citations",
    [
        [],
        [{"kind": "pmid", "value": "12345678"}],
        [{"kind": "doi", "value": "10.1000/xyz-1(2)", "title": "A study"}],
        [{"kind": "label", "value": "Botox prescribing information, 2023"}],
        [{"kind": "link", "value": "https://example.org/a?b=c"}],
    ],
)
def test_sources_of_every_kind_are_kept(citations: list) -> None:
    validate_citations(citations)


@pytest.mark.parametrize(
    ("citations", "said"),
    [
        ("PMID 1", "At most 20"),
        ([{"kind": "pmid", "value": str(n)} for n in range(MAX_CITATIONS + 1)], "At most 20"),
        ([{"kind": "pmid", "value": "1"}] * 2, "cited twice"),
        ([{"kind": "pmid", "value": "1 OR 1"}], "one to eight digits"),
        ([{"kind": "doi", "value": "11.1000/x"}], "A DOI looks like"),
        ([{"kind": "link", "value": "javascript:alert(1)"}], "begins with http"),
        ([{"kind": "link", "value": 'https://e.org/"onclick=x'}], "begins with http"),
        ([{"kind": "rumour", "value": "x"}], "does not exist"),
        ([{"kind": "label", "value": "  "}], "its value is empty"),
        ([{"kind": "label", "value": "x" * 501}], "short texts"),
        ([{"kind": "label", "value": 7}], "short texts"),
        ([{"kind": "label"}], "has a kind, a value"),
        ([{"kind": "label", "value": "x", "html": "<b>"}], "has a kind, a value"),
    ],
)
def test_what_is_no_source_is_refused_in_words(citations: Any, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_citations(citations)
    assert said in refused.value.message


@given(JSON)
def test_whatever_is_accepted_can_be_printed(value: Any) -> None:
    try:
        validate_citations(value)
    except ValidationError:
        return
    for link in Answer(citations=value).citation_links:
        assert link["label"]
        assert link["url"] is None or link["url"].startswith(("http://", "https://"))
