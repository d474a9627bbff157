from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Files kept between the page that checks them and the step that carries them out."""

    name = "pcorg.core.uploads"
    label = "uploads"
    verbose_name = "Uploads"
