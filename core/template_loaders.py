"""Templates without the white space that only their writers need: a fifth of a page would be indentation.

It is taken out once, when a template is read, so that printing a page costs nothing more. Line breaks between
words and elements stay, since some of them are seen. Text templates (mail) are left as they are.
"""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

# A line that holds nothing but template tags prints nothing of its own.
_TAGS_ALONE = re.compile(
    r"^[ \t]*((?:\{%[^\n]*?%\}|\{#[^\n]*?#\})(?:[ \t]*(?:\{%[^\n]*?%\}|\{#[^\n]*?#\}))*)[ \t]*\n",
    re.MULTILINE,
)
_INDENTATION = re.compile(r"\n[ \t]+")
_BLANK_LINES = re.compile(r"\n{2,}")
# Before a tag that begins or ends a block, a line break is never seen.
_BEFORE_BLOCKS = re.compile(
    r"\n(?=</?(?:article|aside|dd|div|dl|dt|footer|form|h[1-6]|header|li|main|nav|ol|p|section|table|tbody|td|th|thead|tr|ul)\b)"
)


def tightened(source: str) -> str:
    """The source of an HTML template with its indentation and blank lines taken out."""
    source = _INDENTATION.sub("\n", source)
    return _BEFORE_BLOCKS.sub("", _BLANK_LINES.sub("\n", _TAGS_ALONE.sub(r"\1", source)))


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        return tightened(source) if str(origin.template_name).endswith(".html") else source
