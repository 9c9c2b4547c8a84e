"""For somebody who has lost app, keys and recovery codes; after making sure of the person by other means."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from accounts.services import reset_second_factor


class Command(BaseCommand):
    help = "Take the second factor from an account, on record; its owner is told and sets up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="of the account")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="of the administrator who does it")
        parser.add_argument("--why", required=True, help="how you made sure of the person")

    def handle(self, *args: Any, email: str, by: str, why: str, **options: Any) -> None:
        people = {user.email: user for user in User.objects.filter(email__in=[email.lower(), by.lower()])}
        for wanted in (email, by):
            if wanted.lower() not in people:
                raise CommandError(f"There is no account with the address {wanted}.")
        user = people[email.lower()]
        try:
            number = reset_second_factor(user=user, by=people[by.lower()], why=why)
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        _tell(user)
        self.stdout.write(f"Taken from {user.handle}: {number}. They were told by mail.")


def _tell(user: User) -> None:
    said = {
        "site_name": settings.SITE_NAME,
        "site_origin": settings.SITE_ORIGIN,
        "timestamp": timezone.now(),
        "ip": "this site's own server",
    }
    subject, text = (render_to_string(f"mfa/email/reset_{part}.txt", said) for part in ("subject", "message"))
    send_mail(subject.strip(), text, None, [user.email])
