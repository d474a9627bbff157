from django.apps import AppConfig
from django.db.models.signals import post_migrate

PAGES = ("arm-", "benchmark", "contract", "pilots", "pooled-budgets", "portfolio", "provider-arms", "services")
"""How the names of the pages of commissioning begin."""


class CommissioningConfig(AppConfig):
    """Services, contracts, budgets and pilots."""

    name = "commissioning"
    verbose_name = "Commissioning"

    def ready(self) -> None:
        from commissioning.contributor import Commissioning  # noqa: PLC0415 - needs the models
        from commissioning.models.guards import put_back_triggers  # noqa: PLC0415 - needs the models
        from commissioning.models.subjects import cover_subjects  # noqa: PLC0415 - needs the models
        from commissioning.portfolios.chapter import CommissioningChapter  # noqa: PLC0415 - needs the models
        from commissioning.services.load_reference import LOADERS  # noqa: PLC0415 - needs the models
        from commissioning.web.views.panels import panels  # noqa: PLC0415 - needs the models
        from organisations import contributors  # noqa: PLC0415 - needs the models
        from organisations import panels as organisation_page  # noqa: PLC0415 - needs the models
        from organisations.portfolios import sections  # noqa: PLC0415 - needs the models
        from organisations.services import load_reference  # noqa: PLC0415 - needs the models
        from pcorg.core.pages import navigation  # noqa: PLC0415 - needs the models

        cover_subjects()
        for name, load in LOADERS.items():
            load_reference.register(name, load)
        contributors.register(Commissioning())
        post_migrate.connect(put_back_triggers, sender=self, dispatch_uid="commissioning.put_back_triggers")
        sections.register(CommissioningChapter())
        organisation_page.register(self.name, panels)
        navigation.register(navigation.Section("Commissioning", "commissioning", 40, PAGES))
