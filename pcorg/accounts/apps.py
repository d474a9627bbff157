from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """People, their roles and their tokens."""

    name = "pcorg.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from pcorg.accounts.permissions import give_roles_their_permissions  # noqa: PLC0415 - needs the models

        post_migrate.connect(give_roles_their_permissions, dispatch_uid="pcorg.accounts.give_roles_their_permissions")
