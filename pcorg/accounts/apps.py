from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """People, their roles and their tokens."""

    name = "pcorg.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from django.contrib.auth.models import User  # noqa: PLC0415 - needs the models

        from pcorg.accounts.permissions import give_roles_their_permissions  # noqa: PLC0415 - needs the models
        from pcorg.audit.subjects import cover  # noqa: PLC0415 - needs the models

        # What a person may do; not when they last signed in, nor the password, whose hash is renewed at sign-in.
        cover("user", User, omitted=("password", "last_login"))
        post_migrate.connect(give_roles_their_permissions, dispatch_uid="pcorg.accounts.give_roles_their_permissions")
