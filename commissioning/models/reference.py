"""Reference records of commissioning: services, staff groups, contract types, approaches, recommendations, and the
forms a provider arm may take. All come from the sources, in our own words, with the lines they rest on."""

from __future__ import annotations

from django.db import models

from commissioning.domain.vocabulary import (
    Addressee,
    Answer,
    ApproachList,
    Axis,
    ClientGroup,
    PointKind,
    Tier,
)
from organisations.models import Form
from organisations.models.sourced import Cited, ListedReference


class ServiceGroup(ListedReference):
    """One of the five groups community services fall into (The King's Fund 2009, Table 1)."""

    summary = models.TextField(blank=True)


class Service(ListedReference):
    """A community service of the catalogue (Table 1), with its tier where Figure 1 names it."""

    group = models.ForeignKey(ServiceGroup, models.PROTECT, related_name="services")
    tier = models.CharField(max_length=20, choices=Tier.choices(), blank=True, db_index=True)


class StaffGroup(ListedReference):
    """A profession of community services and what it does (Table 2, and groups a portfolio needs beside it)."""

    summary = models.TextField(blank=True)


class StaffRole(Cited):
    """What a staff group does for a client group: one cell of Table 2."""

    staff_group = models.ForeignKey(StaffGroup, models.PROTECT, related_name="roles")
    client_group = models.CharField(max_length=40, choices=ClientGroup.choices())
    text = models.TextField()
    ambiguous = models.BooleanField(default=False, help_text="The source's layout leaves the row open")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["staff_group", "position"]
        constraints = [models.UniqueConstraint(fields=["staff_group", "client_group"], name="one_role_per_cell")]

    def __str__(self) -> str:
        return f"{self.staff_group_id}: {self.client_group}"


class ContractType(ListedReference):
    """A kind of contract. One that is an `agreement` cannot be enforced in law, and a body may have it with itself."""

    summary = models.TextField()
    agreement = models.BooleanField(default=False)


class Approach(Cited):
    """What trusts do about provision: seven stances from seminar and sample, and six routes from the seminar."""

    slug = models.SlugField(primary_key=True, max_length=60)
    drawn_from = models.CharField(max_length=20, choices=ApproachList.choices(), db_index=True)
    axis = models.CharField(max_length=20, choices=Axis.choices(), blank=True)
    label = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name_plural = "approaches"

    def __str__(self) -> str:
        return self.label


class Recommendation(Cited):
    """A recommendation of the report, which a trust can answer with evidence."""

    slug = models.SlugField(primary_key=True, max_length=20)
    addressee = models.CharField(max_length=20, choices=Addressee.choices(), db_index=True)
    theme = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.text


LEGAL_ATTRIBUTES = {
    "separate_entity": "Is it a legal entity of its own?",
    "charity": "May it be a charity?",
    "pensions": "Do its staff keep the NHS pension?",
    "asset_lock": "Are its assets locked to their purpose?",
    "monopoly": "Does it risk a monopoly?",
    "profit": "May it make a profit for its owners?",
    "staff_ownership": "May staff own it or be its members?",
    "untested": "Is it called largely untested?",
    "accountability_framework": "Does it need an accountability framework with the commissioning trust?",
}
"""Fields of a provider-arm option that code what Table C1 says of its standing in law, each with what it answers."""


class ArmOption(Cited):
    """A form that a provider arm may take, with its legal attributes as Table C1 reads.

    They say whether the form is a legal entity of its own, may be a charity, keeps staff in the NHS pension scheme,
    locks its assets, risks a monopoly, may make a profit, may be owned by staff, is largely untested, and needs an
    accountability framework with the trust. The coding of the words as yes, no or possible is ours.
    """

    form = models.OneToOneField(Form, models.PROTECT, primary_key=True, related_name="arm_option")
    separate_entity = models.CharField(max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value)
    charity = models.CharField(max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value)
    pensions = models.CharField("NHS pensions", max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value)
    asset_lock = models.CharField(max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value)
    monopoly = models.CharField(max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value)
    profit = models.CharField(max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value)
    staff_ownership = models.CharField(max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value)
    untested = models.CharField(max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value)
    accountability_framework = models.CharField(
        max_length=10, choices=Answer.choices(), default=Answer.UNKNOWN.value, help_text="Needs one with the trust"
    )
    regulator = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = "provider-arm option"

    def __str__(self) -> str:
        return self.form_id


class ArmOptionPoint(Cited):
    """A benefit or risk of a provider-arm form: one bullet of Table C1, in our words."""

    option = models.ForeignKey(ArmOption, models.PROTECT, related_name="points")
    kind = models.CharField(max_length=10, choices=PointKind.choices())
    text = models.TextField()
    ambiguous = models.BooleanField(default=False, help_text="The source leaves open in which column it stands")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["option", "kind", "position"]
        verbose_name = "benefit or risk"
        verbose_name_plural = "benefits and risks"
        constraints = [
            models.UniqueConstraint(fields=["option", "kind", "position"], name="one_point_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.option_id}: {self.kind} {self.position}"
