"""The one signal of this floor: questions have been linked to another thread, or set free again.

Sent inside the transaction of the deed, so that a receiver that fails undoes it; one that knows why it must not
be raises a ``TransitionError``. Arguments: ``question`` (the locked row as it is now), ``ids`` (of every question
whose place has changed).
"""

from django.dispatch import Signal

relinked = Signal()
