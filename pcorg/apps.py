from django.apps import AppConfig
from django.db.backends.signals import connection_created


class PcorgConfig(AppConfig):
    """The project: knows every app, owns what none of them does."""

    name = "pcorg"
    verbose_name = "pcorg"

    def ready(self) -> None:
        from pcorg.core import checks  # noqa: F401, PLC0415 - importing them registers them
        from pcorg.core.names import give_function  # noqa: PLC0415 - needs the settings

        connection_created.connect(give_function, dispatch_uid="pcorg.give_function")
