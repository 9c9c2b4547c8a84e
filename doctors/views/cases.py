"""One case for everybody: what there is to see of it, or that it is gone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from doctors.models import Case


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    gone = Case.objects.tombstones().filter(pk=pk).first()
    if gone is not None:
        return render(request, "doctors/case.html", {"case": gone, "why": gone.gone_because}, status=410)
    shown = get_object_or_404(Case.objects.public().for_display(), pk=pk)
    return render(request, "doctors/case.html", {"case": shown})
