"""`second_factor USERNAME --remove`: for somebody who has lost both their app and their recovery codes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pcorg.core.accounts import mail, second_factor


class Command(BaseCommand):
    """Says whether somebody has a second factor, and removes it."""

    help = "Says whether a user has a second factor and how many recovery codes are left; with --remove, removes both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="whose it is")
        parser.add_argument("--remove", action="store_true", help="remove it: their password alone signs them in then")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        name = user.get_username()
        if not options["remove"]:
            there = second_factor.app_of(user) is not None
            left = second_factor.codes_left(user)
            self.stdout.write(
                f"{name} has a second factor, and {left} recovery codes." if there else f"{name} has none."
            )
        elif second_factor.turn_off(user=user, by="command:second_factor"):
            mail.notify_of_change(user, "The second factor of your account was removed.")
            self.stdout.write(f"The second factor of {name} is removed.")
        else:
            self.stdout.write(f"{name} had none.")
