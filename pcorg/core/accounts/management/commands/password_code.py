"""`password_code USERNAME`: a code by which somebody chooses their password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from pcorg.core.accounts import recovery


class Command(BaseCommand):
    """Makes a code and prints it once, as the last word."""

    help = (
        "Makes a code by which a user chooses a password, their first or a new one, on the site's own page; the code "
        "is the last word printed. It is good once, for an hour."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="whose password it is")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']!r} whose account is open.")
        code = recovery.make_code(user=user, by="command:password_code")
        page, minutes = reverse("recover-password"), settings.PASSWORD_RESET_TIMEOUT // 60
        self.stdout.write(f"Code of {user}, good once within {minutes} minutes on the page {page}: {code}")
