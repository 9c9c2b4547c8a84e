"""What one has been told, how soon one wants to hear of it by e-mail, and the way out of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.composing import DIGESTS, read_token
from accounts.forms import RhythmsForm
from accounts.http import SignedInRequest
from accounts.notifications import KINDS
from accounts.notify import choose, mark_read, stop
from accounts.selectors import rhythms_of, told_to, topics_for, unread_count, with_words
from core.pagination import BIGINT_MAX, paginate
from core.text import number_in


@login_required
@require_safe
def notifications(request: SignedInRequest) -> HttpResponse:
    page = paginate(told_to(request.user), order=("-pk",), params=request.GET)
    context = {
        "page": page,
        "rows": with_words(page.rows),
        "unread": unread_count(request.user),
        "newest": page.rows[0].pk if page.rows else 0,
        "crumbs": [("Notifications", None)],
    }
    return render(request, "notifications/mine.html", context)


@login_required
@require_safe
def notification(request: SignedInRequest, pk: int) -> HttpResponse:
    """On to what it is about, read from now on; mail leads here, so that no address in it names a treatment."""
    found = get_object_or_404(told_to(request.user), pk=min(pk, BIGINT_MAX))
    mark_read(user=request.user, pk=found.pk)
    return redirect(found.url)


@login_required
@require_POST
def read(request: SignedInRequest) -> HttpResponse:
    """Mark one as read, or everything up to the newest that the page showed."""
    if "one" in request.POST:
        mark_read(user=request.user, pk=number_in(request.POST["one"]))
    else:
        mark_read(user=request.user, upto=number_in(request.POST.get("upto", "")))
    return redirect("accounts:notifications")


@login_required
@require_http_methods(["GET", "POST"])
def wishes(request: SignedInRequest) -> HttpResponse:
    topics = topics_for(request.user)
    form = RhythmsForm(request.POST or None, topics=topics, now=rhythms_of(request.user))
    if request.method == "POST" and form.is_valid():
        choose(user=request.user, rhythms=form.cleaned_data)
        messages.success(request, "Your choices are kept. On the site everything stands at once, as before.")
        return redirect("accounts:notification-settings")
    return render(request, "notifications/settings.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """Always 200 (RFC 8058): the signed address is enough, a GET changes nothing and shows the button."""
    found = read_token(token)
    context: dict[str, object] = {"token": token, "found": found is not None}
    if found is not None:
        user, topic = found
        labels = {kind.setting: kind.label for kind in KINDS.values()}
        context |= {"what": DIGESTS.get(topic) or labels.get(topic, topic), "is_digest": topic in DIGESTS}
        if request.method == "POST":
            stop(user=user, topic=topic)
            context["done"] = True
    return render(request, "notifications/unsubscribe.html", context)
