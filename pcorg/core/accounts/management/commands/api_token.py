"""`api_token USERNAME`: a token for a program that uses the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from pcorg.core.accounts import actions, tokens
from pcorg.core.accounts.roles import Role, TokenScope

ACTOR = "command:api_token"


class Command(BaseCommand):
    """Makes an API token and prints it once, as the last word. Only its hash is kept."""

    help = (
        "Makes an API token for a user and prints it once; the token is the last word printed. Only its hash "
        "is kept. Send it as: Authorization: Token <token>"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="whose token it is")
        parser.add_argument(
            "--create", action="store_true", help="make the user where there is none (with no password)"
        )
        parser.add_argument(
            "--role",
            choices=[role.value for role in Role],
            help="give the user this role; a user without one only reads",
        )
        parser.add_argument(
            "--days",
            type=int,
            default=tokens.LONGEST_LIFE.days,
            metavar="N",
            help=f"how many days the token works, 1 to {tokens.LONGEST_LIFE.days} (%(default)s)",
        )
        parser.add_argument("--name", default="Made by api_token", help="what the token is called (%(default)s)")
        parser.add_argument(
            "--scope",
            choices=[scope.value for scope in TokenScope],
            default=TokenScope.ALL.value,
            help="what the token may do of what the user may: only read, propose too, or all (%(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username: str = options["username"]
        if not 1 <= options["days"] <= tokens.LONGEST_LIFE.days:
            raise CommandError(f"--days must be from 1 to {tokens.LONGEST_LIFE.days}.")
        if not 0 < len(options["name"].strip()) <= tokens.LONGEST_NAME:
            raise CommandError(f"--name must have 1 to {tokens.LONGEST_NAME} characters.")
        with transaction.atomic():
            user = User.objects.filter(username=username).first()
            if user is None:
                if not options["create"]:
                    raise CommandError(f"There is no user {username!r}. Add --create to make one.")
                user = self._made(username)
            if not user.is_active:
                raise CommandError(f"{username} is not active: a token would be refused.")
            if options["role"]:
                actions.grant_role(user=user, role=Role(options["role"]), by=ACTOR)
            token, text = tokens.create_token(
                user=user,
                by=ACTOR,
                life=timedelta(days=options["days"]),
                name=options["name"],
                scope=TokenScope(options["scope"]),
            )
        self.stdout.write(f"Token of {username}, good until {token.expiry:%-d %B %Y}, not shown again: {text}")

    def _made(self, username: str) -> User:
        try:
            return actions.make_user(username=username, by=ACTOR)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
