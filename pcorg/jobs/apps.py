from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work: asked for, carried out by workers, followed and cancelled."""

    name = "pcorg.jobs"
    label = "jobs"
    verbose_name = "Jobs"
