from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate, post_save, pre_save


class AccountsConfig(AppConfig):
    """People, their roles, sessions and tokens."""

    name = "pcorg.core.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from django.contrib.auth.models import User  # noqa: PLC0415 - as below
        from knox.signals import token_expired  # noqa: PLC0415 - as below

        from pcorg.core.accounts import passwords, tokens  # noqa: PLC0415 - needs the models
        from pcorg.core.accounts.roles import give_roles_their_permissions  # noqa: PLC0415 - needs the models
        from pcorg.core.audit.subjects import cover  # noqa: PLC0415 - needs the models

        # What a person may do; not when they last signed in, nor the password, whose hash is renewed at sign-in.
        cover("user", User, omitted=("password", "last_login"))

        post_migrate.connect(give_roles_their_permissions, dispatch_uid="accounts.give_roles_their_permissions")
        pre_save.connect(passwords.hold_against_rules, sender=User, dispatch_uid="accounts.rules")
        post_save.connect(passwords.end_what_rested_on_it, sender=User, dispatch_uid="accounts.ended")
        token_expired.connect(tokens.record_expiry, dispatch_uid="accounts.token_expired")


class ReferenceAdminConfig(AdminConfig):
    """Django's admin, entered by our sign-in page alone."""

    default_site = "pcorg.core.accounts.site.ReferenceSite"
