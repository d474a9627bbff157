from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """Who did what when: an append-only chain."""

    name = "pcorg.core.audit"
    label = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        from pcorg.core.audit.guards import put_back_triggers, seal_after_migrations  # noqa: PLC0415 - needs the models

        post_migrate.connect(seal_after_migrations, sender=self, dispatch_uid="audit.seal_after_migrations")
        post_migrate.connect(put_back_triggers, sender=self, dispatch_uid="audit.put_back_triggers")
