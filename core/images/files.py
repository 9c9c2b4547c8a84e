"""Files and rows that cannot be written at once: a file is loose from before it is written until a row names it.

So neither a dead process, nor a full disk, nor a store that is away leaves a file that nothing knows of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.images import journal, store
from core.images.models import Loose

# No file takes so long to be written: one that is loose for longer lost its process.
WRITING_LASTS = timedelta(hours=1)


class Changed(Exception):
    """Somebody else changed the picture meanwhile, or took it away. Nothing was done."""


def write(name: str, content: bytes) -> None:
    """Into the store, under a name that is loose. Raises OSError; what was begun is swept up."""
    Loose.objects.create(name=name)
    try:
        store.write(name, content)
    except OSError:
        doom([name])
        raise


def settle(names: Sequence[str]) -> None:
    """In the transaction whose rows name these files. Raises Changed where the sweep was quicker."""
    settled, _ = Loose.objects.filter(name__in=names, is_doomed=False).delete()
    if settled != len(names):
        raise Changed


def doom(names: Iterable[str]) -> None:
    """These files are to be deleted, once this transaction has taken away what named them."""
    Loose.objects.bulk_create(
        [Loose(name=name, is_doomed=True) for name in names],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["is_doomed"],
    )


def sweep() -> int:
    """Delete the files that nothing names; how many. Raises OSError at the end if the store refused any."""
    lost = Q(since__lt=timezone.now() - WRITING_LASTS)
    swept, refusal = 0, None
    names = list(Loose.objects.filter(Q(is_doomed=True) | lost).order_by("pk").values_list("pk", flat=True))
    journal.note(names)
    for name in names:
        try:
            store.erase(name)
        except OSError as error:
            refusal = error
        else:
            Loose.objects.filter(name=name).delete()
            swept += 1
    if refusal is not None:
        raise refusal
    return swept
