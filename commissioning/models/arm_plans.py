"""Plans for a provider arm: what a trust intends, kept until it is proposed and followed afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commissioning.domain.vocabulary import Separation
from commissioning.models.arms import PortfolioGroup
from commissioning.models.reference import Service
from organisations.models import Change, Form, Organisation
from pcorg.core.people import Collaborator, Owned


class ArmPlan(Owned):
    """What a trust intends with its provider arm, over several years (The King's Fund 2009, lines 1791-1793). It
    belongs to whoever kept it first.

    `start` is the day from which the time to develop counts; `separation` how far what stays is separated in the end.
    A plan is an intention and no history: it may be altered until its steps are proposed, and then stands.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="arm_plans")
    title = models.CharField(max_length=120)
    rationale = models.TextField(blank=True)
    start = models.DateField()
    separation = models.CharField(max_length=20, choices=Separation.choices())
    kept_by = models.CharField(max_length=150)
    kept_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=150, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Counts the times it was kept or proposed")

    class Meta:
        ordering = ["organisation", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by="", proposed_at__isnull=True)
                | Q(proposed_by__gt="", proposed_at__isnull=False),
                name="arm_plan_is_proposed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ArmPlanCollaborator(Collaborator):
    """Somebody whom the owner of a plan named to work on it."""

    plan = models.ForeignKey(ArmPlan, models.PROTECT, related_name="collaborators")

    class Meta:
        ordering = ["plan", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "user_id"], name="one_part_in_an_arm_plan_per_collaborator")
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.plan_id}"


class ArmPlanGroup(models.Model):
    """Services of the arm that are to go the same way, and where: no form means that they stay.

    `group` is the recorded portfolio group it goes back to; `change` the proposal that carries it out.
    """

    plan = models.ForeignKey(ArmPlan, models.PROTECT, related_name="groups")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    services = models.ManyToManyField(Service, blank=True, related_name="planned_groups")
    coherence = models.TextField(blank=True)
    form = models.ForeignKey(Form, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(null=True, blank=True, help_text="From which day it works so")
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200, blank=True)
    run_by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(PortfolioGroup, models.PROTECT, null=True, blank=True, related_name="plans")
    change = models.OneToOneField(Change, models.PROTECT, null=True, blank=True, related_name="arm_plan_group")

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="one_planned_group_per_place"),
            models.CheckConstraint(
                condition=Q(change__isnull=True) | (Q(form__isnull=False, on__isnull=False, code__gt="", name__gt="")),
                name="proposed_group_has_all_it_takes",
            ),
        ]

    def __str__(self) -> str:
        return self.title
