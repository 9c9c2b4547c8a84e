"""Two treatments that are one: what a merge would do, what takes part in it, and who waits for whom.

Written down in docs/adr/0009. The verb itself is :func:`treatments.services.merge`.
"""

from treatments.merging.companions import Companion, Merge, goes_along, told
from treatments.merging.gate import hold_off, treatment_now, use_now
from treatments.merging.plan import Plan, plan_of

__all__ = [
    "Companion",
    "Merge",
    "Plan",
    "goes_along",
    "hold_off",
    "plan_of",
    "told",
    "treatment_now",
    "use_now",
]
