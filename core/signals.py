"""The one signal of this floor: something moderated has changed its state.

Sent inside the transaction of the decision, so that a receiver that fails undoes the decision too.
Arguments: ``obj`` (the locked row), ``before`` and ``after`` (State), ``by`` (the actor).
"""

from django.dispatch import Signal

transitioned = Signal()
