from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Files kept between the page that checks them and the step that carries them out."""

    name = "pcorg.uploads"
    label = "uploads"
    verbose_name = "Uploads"
