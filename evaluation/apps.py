from django.apps import AppConfig

PAGES = ("assessment", "dispersal", "following", "integration-profile", "options")
"""How the names of the pages of evaluation begin."""


class EvaluationConfig(AppConfig):
    """Options judged on criteria, with honest uncertainty."""

    name = "evaluation"
    verbose_name = "Evaluation"

    def ready(self) -> None:
        from evaluation.jobs import register_kinds  # noqa: PLC0415 - needs the models
        from evaluation.models.subjects import cover_subjects  # noqa: PLC0415 - needs the models
        from evaluation.services.load_reference import LOADERS  # noqa: PLC0415 - needs the models
        from evaluation.web.views.panels import panels, panels_of_change  # noqa: PLC0415 - needs the models
        from organisations import panels as organisation_page  # noqa: PLC0415 - needs the models
        from organisations.services import load_reference  # noqa: PLC0415 - needs the models
        from pcorg.core.pages import navigation  # noqa: PLC0415 - needs the models

        cover_subjects()
        for name, load in LOADERS.items():
            load_reference.register(name, load)
        organisation_page.register(self.name, panels, panels_of_change)
        register_kinds()
        navigation.register(navigation.Section("Assessments", "assessments", 50, PAGES))
