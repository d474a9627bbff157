from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrganisationsConfig(AppConfig):
    """Bodies, what ties them, and the changes that make and end them."""

    name = "organisations"
    verbose_name = "Organisations"

    def ready(self) -> None:
        from organisations.jobs.kinds import register_kinds  # noqa: PLC0415 - needs the models
        from organisations.models import Portfolio  # noqa: PLC0415 - needs the models
        from organisations.models.guards import put_back_triggers  # noqa: PLC0415 - needs the models
        from organisations.models.subjects import cover_subjects  # noqa: PLC0415 - needs the models
        from pcorg.core import portfolios  # noqa: PLC0415 - needs the models
        from pcorg.core.accounts.roles import Role  # noqa: PLC0415 - needs the models
        from pcorg.core.audit.kinds import RECORDED  # noqa: PLC0415 - needs the models
        from pcorg.core.audit.memory import recall  # noqa: PLC0415 - needs the models
        from pcorg.core.pages.navigation import Section, register  # noqa: PLC0415 - needs the models

        cover_subjects()
        register_kinds()
        portfolios.come_from(
            lambda: recall("portfolios", lambda: {one.slug: one for one in Portfolio.objects.all()}, rests_on=RECORDED)
        )
        deciders, auditors = (
            frozenset({Role.COMMISSIONER, Role.APPROVER}),
            frozenset({Role.APPROVER, Role.DATA_ADMINISTRATOR}),
        )
        register(
            Section("Home", "home", 10),
            Section("Organisations", "organisations", 20, ("organisation", "compare")),
            Section("Changes", "changes", 30, ("change", "propose")),
            Section("Forms and rules", "forms", 60, ("form",)),
            Section("Glossary", "glossary", 70),
            Section("About the data", "about-the-data", 80),
            Section("Decisions", "decisions", 100, roles=deciders),
            Section("Audit trail", "audit", 110, roles=auditors),
            Section("Load", "load", 130, ("waiting-load",), roles=frozenset({Role.DATA_ADMINISTRATOR})),
        )
        post_migrate.connect(put_back_triggers, sender=self, dispatch_uid="organisations.put_back_triggers")
