from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class OrganisationsConfig(AppConfig):
    """Bodies, what ties them, and the changes that make and end them."""

    name = "organisations"
    verbose_name = "Organisations"

    def ready(self) -> None:
        from organisations.jobs.kinds import register_kinds  # noqa: PLC0415 - needs the models
        from organisations.models.guards import put_back_triggers  # noqa: PLC0415 - needs the models
        from organisations.models.subjects import cover_subjects  # noqa: PLC0415 - needs the models
        from organisations.models.words import give_function  # noqa: PLC0415 - needs the models

        cover_subjects()
        register_kinds()
        connection_created.connect(give_function, dispatch_uid="organisations.give_function")
        post_migrate.connect(put_back_triggers, sender=self, dispatch_uid="organisations.put_back_triggers")
