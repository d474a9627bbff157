from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work: asked for, carried out by workers, followed and cancelled."""

    name = "pcorg.core.jobs"
    label = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        from pcorg.core.accounts.roles import Role  # noqa: PLC0415 - needs the models
        from pcorg.core.pages.navigation import Section, register  # noqa: PLC0415 - needs the models

        register(Section("Jobs", "jobs", 120, ("job",), roles=frozenset(Role)))
