"""For the gallery: a text with a term in it, and the ledger's drawing, with invented figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from config.ledger import Line, chart
from treatments.models import Term
from treatments.terms import Explainer, Glossary

TEXT = (
    "<p>Slimming the masseter is off-label in the United States; the masseter comes back when one stops.</p>"
)
MONTHS = {"August": (40, 12), "September": (96, 9), "October": (0, 0), "November": (71, 30)}


def explained() -> dict[str, Any]:
    """``{text, terms, chart}``."""
    terms = [
        Term(
            pk=1, slug="masseter", name="Masseter", explanation="The chewing muscle at the angle of the jaw."
        ),
        Term(pk=2, slug="off-label", name="Off-label", explanation="Used for what the label does not name."),
    ]
    explain = Explainer(Glossary("gallery", {term.name.lower(): term for term in terms}))
    lines = [
        Line(f"{name} 2026", f"{name[:3]} 2026", Counter({"Published": public, "Sent back": rest}))
        for name, (public, rest) in MONTHS.items()
    ]
    return {"text": explain(TEXT), "terms": explain.used, "chart": chart(lines)}
