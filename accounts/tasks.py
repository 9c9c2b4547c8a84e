"""Work of this floor that is done beside the pages."""

from collections.abc import Sequence

from django_tasks import task

from accounts import delivery

# Letters of one task: so few that other work gets its turn between two of them.
SLICE = 500


@task()
def send_letters(first: int, last: int) -> None:
    """Between these two keys, both included. Safe to run twice."""
    delivery.send(first, last)


def send_between(letters: Sequence[int]) -> None:
    """Have these letters sent once this transaction is done; their keys in ascending order."""
    for start in range(0, len(letters), SLICE):
        some = letters[start : start + SLICE]
        send_letters.enqueue(some[0], some[-1])
