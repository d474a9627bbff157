from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """Answers kept so that a write sent twice is carried out once."""

    name = "pcorg.core.idempotency"
    label = "idempotency"
    verbose_name = "Idempotency"
