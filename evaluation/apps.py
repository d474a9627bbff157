from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Frameworks, options and assessments."""

    name = "evaluation"
    verbose_name = "Evaluation"
