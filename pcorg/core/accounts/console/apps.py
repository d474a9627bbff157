from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Commands that must come before those of the same name in `django.contrib.auth`."""

    name = "pcorg.core.accounts.console"
    label = "accounts_console"
