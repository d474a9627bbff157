"""`createsuperuser`: the first person."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from pcorg.core.accounts.models import Person


class Command(createsuperuser.Command):
    """Django's own command, save that no password passes that breaks a rule: not when it is asked whether to bypass
    them, and not with `--noinput`. It goes on the trail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.UserModel = Person
        self.username_field = Person._meta.get_field(Person.USERNAME_FIELD)
