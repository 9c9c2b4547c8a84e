"""What the codebase promises about itself."""

import re
import subprocess
from pathlib import Path

import django.db
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template import engines

from tests import checks

ROOT = Path(settings.BASE_DIR)
OURS = ("core", "accounts", "treatments", "questions", "doctors", "answers", "config")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
# Names that Django or an installed package looks up by itself.
LOOKED_UP = (
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "429.html",
    "500.html",
    "503.html",
    "admin/",
    "account/",
    "allauth/",
    "mfa/",
)


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_the_database_driver_is_psycopg2() -> None:
    """Anything that brings psycopg 3 along would silently move Django onto it."""
    assert "psycopg2" in django.db.connection.Database.__name__
    with pytest.raises(ImportError):
        __import__("psycopg")


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_are_named_by_what_they_do() -> None:
    named_by_django = [
        path
        for app in OURS
        for path in (ROOT / app).glob("migrations/0*_*.py")
        if re.search(r"_auto_|_initial$", path.stem)
    ]
    assert named_by_django == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_templates_compile_and_hold_nothing_inline(path: Path) -> None:
    """T-HD-03: no style, handler or executable script in the markup."""
    name = str(path.relative_to(ROOT / "templates"))
    engines["django"].get_template(name)
    source = path.read_text()
    if not name.startswith("account/email/"):
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", source)
    assert "|safe" not in source
    for script in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in script or "application/ld+json" in script


def test_every_template_is_used() -> None:
    sources = "\n".join(p.read_text() for p in [*TEMPLATES, *tracked("*.py")])
    unused = [
        name
        for name in (str(path.relative_to(ROOT / "templates")) for path in TEMPLATES)
        if not name.startswith(LOOKED_UP) and f'"{name}"' not in sources and f"'{name}'" not in sources
    ]
    assert unused == []


@pytest.mark.parametrize("path", [p for p in STYLES if p.name != "tokens.css"], ids=lambda p: p.name)
def test_colours_come_from_the_tokens(path: Path) -> None:
    source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])|\b(?:rgb|hsl)a?\(", source) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_style_sheets_are_short_and_never_shout(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 250
    if path.name not in {"utilities.css", "admin.css"}:
        assert "!important" not in source


def test_every_setting_is_documented() -> None:
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))
    described = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    assert names == described


def test_every_command_is_documented() -> None:
    commands = {
        path.stem
        for app in OURS
        for path in (ROOT / app).glob("management/commands/*.py")
        if path.stem != "__init__"
    }
    text = (ROOT / "docs" / "operations.md").read_text()
    assert [command for command in sorted(commands) if f"`{command}" not in text] == []


def test_nothing_names_a_machine_or_an_index() -> None:
    suspicious = re.compile(r"""["' =](/home/|/root/|/tmp/[a-z])|--?(extra-)?index-url|/simple/""")
    here = Path(__file__).name
    files = [
        p
        for p in tracked("*.py", "*.txt", "*.toml", "*.html", "Makefile", ".ci/run", "*.md")
        if p.name != here
    ]
    found = [
        f"{p.relative_to(ROOT)}: {m[0]}"
        for p in files
        for m in suspicious.finditer(p.read_text(errors="replace"))
    ]
    assert found == []


def test_every_rule_of_the_database_has_a_name_of_ours() -> None:
    """Constraints are named ``<app>_<model>_<what_is_true>``."""
    for model in (m for app in OURS if app != "config" for m in apps.get_app_config(app).get_models()):
        for constraint in model._meta.constraints:
            assert constraint.name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"), (
                constraint.name
            )


def test_pictures_are_opened_in_one_room() -> None:
    """What somebody sends is decoded in the decoder's process, and what is opened elsewhere is our own JPEG."""
    files = [path for app in OURS for path in tracked(f"{app}/**/*.py")]
    opening = {path.relative_to(ROOT).as_posix() for path in files if "Image.open(" in path.read_text()}
    ours = ("opening", "likeness", "redrawing", "renditions")
    assert opening == {f"core/images/{name}.py" for name in ours}


def test_what_is_missing_is_skipped_in_one_way_only() -> None:
    """``tests.missing`` fails where CI is to have run everything; what only root can show is no such lack."""
    skips = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for line in path.read_text().splitlines()
        if re.search(r"pytest\.(skip|importorskip|mark\.skip\w*)\(", line)
    ]
    allowed = ("tests/missing.py", "tests/config/test_postgres.py")
    assert [skip for skip in skips if not skip.startswith(allowed)] == []


def test_the_page_of_security_checks_is_current() -> None:
    """``python -m tests.checks > docs/security.md`` writes it anew."""
    assert (ROOT / "docs" / "security.md").read_text() == checks.page()
