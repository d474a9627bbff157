from django.apps import AppConfig


class CommissioningConfig(AppConfig):
    """Services, contracts, budgets and pilots."""

    name = "commissioning"
    verbose_name = "Commissioning"
