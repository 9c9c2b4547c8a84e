"""Text from people: cleaned on arrival, rendered to safe HTML once, at write.

Three source formats lead to one small vocabulary of HTML (paragraphs, emphasis, lists, quotes, code,
links). Links leave with ``rel="nofollow ugc noopener"`` and keep only http(s).
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from core.enums import BodyFormat

ALLOWED_TAGS = frozenset("p br strong em ul ol li blockquote a code pre".split())
LINK_REL = "nofollow ugc noopener"
MAX_BODY = 100_000

# C0 controls but tab and newline, DEL, C1 and two code points that are no characters: invisible, and refused
# or mangled by one renderer or another (a feed with any of them cannot be read at all).
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# Embeddings, overrides and isolates reorder neighbouring text (the Trojan-source class).
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Zero width: the joiners stay, since emoji and several scripts need them.
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_BLOCK_END = re.compile(r"</(?:p|li|blockquote|pre)>|<br ?/?>")
_CONTAINERS = ("ul", "ol", "li", "blockquote")
_TAG = re.compile(r"<[^>]*>")
_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED_TAGS),
    attributes={"a": {"href"}},
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel=LINK_REL,
    clean_content_tags={"script", "style", "iframe", "object", "template"},
)


def number_in(given: str) -> int:
    """The key or the page that somebody sent; 0, which no row and no page has, for whatever is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


def clean_body(value: str) -> str:
    """Many lines of text as they may be stored: no controls, no overrides, ``\\n`` ends a line."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if value.isascii():  # most texts: of what is taken out here, only controls are ASCII
        return _CONTROLS.sub("", value).strip()
    value = _SURROGATES.sub("\ufffd", value)
    return unicodedata.normalize("NFC", _BIDI.sub("", _CONTROLS.sub("", value))).strip()


def clean_line(value: str) -> str:
    """One line of text: as :func:`clean_body`, with runs of white space as one space."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    return _SPACE.sub(" ", _ZERO_WIDTH.sub("", clean_body(value.replace("\x0b", " ")))).strip()


def ended(sentence: str) -> str:
    """With a full stop, unless it ends as a sentence does already, also inside quotation marks or brackets."""
    said = sentence.rstrip("”’\"')")
    return sentence if not sentence or said.endswith((".", "?", "!", "…")) else f"{sentence}."


def render(source: str, body_format: str = BodyFormat.MARKDOWN) -> str:
    """Safe HTML of a cleaned source; what is returned may be printed without escaping."""
    if body_format == BodyFormat.MARKDOWN:
        return _sanitise(_markdown().render(source))
    if body_format == BodyFormat.HTML:
        return _sanitise(source)
    return _render_text(source)


def plain(rendered: str) -> str:
    """The words of rendered HTML, blocks on lines of their own."""
    return html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", rendered))).strip()


def excerpt(rendered: str, length: int = 200) -> str:
    """The first words of rendered HTML on one line, at most ``length`` characters, cut between words."""
    words = _SPACE.sub(" ", plain(rendered)).strip()
    if len(words) <= length:
        return words
    head = words[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:.–-") + "…"


def opening(rendered: str, length: int = 200) -> tuple[str, str]:
    """Rendered HTML as its first paragraphs and all that comes after; the two joined are the whole.

    The first part ends with the paragraph in which ``length`` characters are reached, never inside a list or
    a quotation. Where little would be left over, it is everything.
    """
    for end in re.finditer("</p>", rendered):
        head, rest = rendered[: end.end()], rendered[end.end() :]
        is_inside = any(head.count(f"<{tag}>") != head.count(f"</{tag}>") for tag in _CONTAINERS)
        if not is_inside and len(plain(head)) >= length:
            return (head, rest) if len(plain(rest)) > length // 2 else (rendered, "")
    return rendered, ""


def _render_text(source: str) -> str:
    """Paragraphs and line breaks of plain text. Entities are decoded once, then everything is escaped."""
    paragraphs = (part.strip() for part in _BLANK_LINES.split(html.unescape(source)))
    return "\n".join(
        f"<p>{_linked(html.escape(clean_body(part), quote=False))}</p>".replace("\n", "<br>\n")
        for part in paragraphs
        if part
    )


def _linked(escaped: str) -> str:
    return _URL.sub(
        lambda match: f'<a href="{match[0].replace(chr(34), "&quot;")}" rel="{LINK_REL}">{match[0]}</a>',
        escaped,
    )


def _sanitise(value: str) -> str:
    return _CLEANER.clean(value).strip()


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """CommonMark reduced to what a letter needs; raw HTML is text, images and headings do not exist."""
    parser = MarkdownIt("zero", {"breaks": True})
    return parser.enable(
        ["emphasis", "list", "blockquote", "link", "autolink", "newline", "escape", "backticks", "entity"]
    )
