from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Bodies, what ties them, and the changes that make and end them."""

    name = "organisations"
    verbose_name = "Organisations"
