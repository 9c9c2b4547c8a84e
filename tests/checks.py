"""Which checks of the security plan are held by which tests: prints docs/security.md.

A test says so in its docstring by the name of the check, such as T-AD-03; a module speaks for all its tests.
Run ``python -m tests.checks > docs/security.md`` after adding one.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
NAME = re.compile(r"\bT-([A-Z]{2})-(\d{2})\b")
AREAS = {
    "AD": "Audit and decisions",
    "AU": "Signing in, sessions, second factor",
    "AZ": "Who may do what",
    "BK": "Backups",
    "CA": "Caching",
    "CF": "Forms and requests from elsewhere, redirects, methods",
    "CO": "Administration, configuration, what is installed",
    "FT": "Faults, overload, recovery",
    "FZ": "Hostile input",
    "HD": "Headers and transport",
    "IN": "Injection",
    "MD": "Who may see a picture",
    "MS": "Medical safety",
    "PR": "Privacy",
    "RC": "Several people at once",
    "RL": "Abuse and rate limits",
    "UP": "Pictures",
}
INTRODUCTION = """\
# Security: which check is held by which test

Printed by `python -m tests.checks` from the docstrings of the tests; a test compares this page with them. The names are
those of the site's security plan. A check that is not listed has no test of its own yet.

How it is built is said elsewhere: the audit trail in `docs/adr/0007-the-audit-trail-is-a-chain.md`, the two roles in the
database and the second factor in `docs/operations.md`, what production refuses to start on in `docs/settings.md`.
"""


def checks() -> dict[str, set[str]]:
    """``{check: files of tests}``, from the docstrings alone."""
    found: dict[str, set[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for text in _docstrings(ast.parse(path.read_text())):
            for area, number in NAME.findall(text):
                found.setdefault(f"T-{area}-{number}", set()).add(path.relative_to(TESTS.parent).as_posix())
    return found


def page() -> str:
    found, parts = checks(), [INTRODUCTION]
    for area in sorted({name[2:4] for name in found}):
        rows = [
            f"| {name} | {', '.join(f'`{file}`' for file in sorted(found[name]))} |\n"
            for name in sorted(found)
            if name[2:4] == area
        ]
        parts.append(f"\n## {AREAS.get(area, area)}\n\n| Check | Tests |\n|---|---|\n{''.join(rows)}")
    return "".join(parts)


def _docstrings(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


if __name__ == "__main__":
    sys.stdout.write(page())
