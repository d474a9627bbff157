from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what when: an append-only chain."""

    name = "pcorg.audit"
    label = "audit"
    verbose_name = "Audit"
