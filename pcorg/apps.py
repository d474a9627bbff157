from django.apps import AppConfig


class PcorgConfig(AppConfig):
    """The project: knows every app, owns what none of them does."""

    name = "pcorg"
    verbose_name = "pcorg"

    def ready(self) -> None:
        from pcorg import checks  # noqa: F401, PLC0415 - importing them registers them
