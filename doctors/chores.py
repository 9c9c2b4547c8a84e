"""What is due every night about doctors. Each may run twice, and be interrupted."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.notify import tell
from doctors.models import Doctor
from doctors.notifications import RUN_OUT, run_out

# A night that was missed is made up for so long.
LOOKS_BACK = timedelta(days=30)


def tell_run_out() -> str:
    """Doctors whose verification has ended by itself, each once."""
    since = timezone.localdate() - LOOKS_BACK
    doctors = run_out(Doctor.objects.claimed()).filter(verified_until__gte=since).select_related("user")
    for doctor in doctors:
        event = f"doctor-{doctor.pk} run out {doctor.verified_until}"
        tell(to=doctor.user, kind=RUN_OUT.name, about=doctor, event=event, url=doctor.get_absolute_url())
    return f"{len(doctors)} verifications ended within {LOOKS_BACK.days} days; their doctors know"
