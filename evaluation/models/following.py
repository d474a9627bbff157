"""What is followed over time: how integrated a body is, and how a model does once it is chosen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Sum

from evaluation.method.vocabulary import IntegrationAxis, Stage
from evaluation.models.assessments import Assessment, Option
from evaluation.models.querysets import DispersalQuerySet
from organisations.models import Organisation
from organisations.models.sourced import Sourced
from pcorg.core.people import Collaborator, Owned


class ProfilePoint(Sourced):
    """How integrated a body is on one axis on a day, levels 0 to 5: one person's view, or the consensus."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="profile")
    axis = models.CharField(max_length=30, choices=IntegrationAxis.choices(), db_index=True)
    on = models.DateField()
    level = models.PositiveSmallIntegerField()
    assessor = models.CharField(max_length=150)
    user_id = models.PositiveBigIntegerField(null=True, blank=True)
    consensus = models.BooleanField(default=False)
    evidence = models.TextField(blank=True)

    class Meta:
        ordering = ["organisation", "on", "axis", "assessor"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "axis", "on", "assessor"], name="one_view_per_axis_and_day"
            ),
            models.CheckConstraint(condition=Q(level__range=(0, 5)), name="profile_level_0_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.axis}: {self.level}"


class Choice(models.Model):
    """The option chosen after an assessment was closed: the model that is then followed. It need not be the one that
    comes first; the reason says why."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="choice")
    option = models.ForeignKey(Option, models.PROTECT, related_name="choices")
    on = models.DateField()
    reason = models.TextField()
    by = models.CharField(max_length=150)
    user_id = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "assessment"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="choice_says_why")]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.option_id}"


class ModelMeasure(models.Model):
    """A measure by which a chosen model is evaluated: what is counted, in which unit, which way is better, the value
    aimed at, and where readings are taken from."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="measures")
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=60)
    higher_is_better = models.BooleanField(default=True)
    target = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["assessment", "position"]
        constraints = [models.UniqueConstraint(fields=["assessment", "position"], name="one_model_measure_per_place")]

    def __str__(self) -> str:
        return self.title


class ModelReading(models.Model):
    """What a measure came to on a day, at a stage of the evaluation."""

    measure = models.ForeignKey(ModelMeasure, models.PROTECT, related_name="readings")
    stage = models.CharField(max_length=20, choices=Stage.choices())
    on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["measure", "on"]
        constraints = [models.UniqueConstraint(fields=["measure", "on"], name="one_reading_per_day")]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.value}"


class Dispersal(Owned):
    """Which form for which group of services: the assessments of a trust's groups, taken together."""

    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="dispersals")
    as_of = models.DateField()
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, help_text="Counts the writes that touched the dispersal itself")

    objects = DispersalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> int:
        """A number that only grows, with every write to the dispersal or to any of its assessments. One query."""
        parts = self.parts.aggregate(total=Sum("assessment__version"))
        return self.version + int(parts["total"] or 0)


class DispersalCollaborator(Collaborator):
    """Somebody whom the owner of a dispersal named to work on it."""

    dispersal = models.ForeignKey(Dispersal, models.PROTECT, related_name="collaborators")

    class Meta:
        ordering = ["dispersal", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dispersal", "user_id"], name="one_part_in_a_dispersal_per_collaborator")
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.dispersal_id}"


class DispersalPart(models.Model):
    """One group in a dispersal: its assessment, and the option chosen for it where that is not the first ranked."""

    dispersal = models.ForeignKey(Dispersal, models.PROTECT, related_name="parts")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="dispersal_parts")
    override = models.ForeignKey("evaluation.Option", models.PROTECT, null=True, blank=True, related_name="overrides")
    reason = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["dispersal", "position"]
        constraints = [
            models.UniqueConstraint(fields=["dispersal", "position"], name="one_part_per_place"),
            models.UniqueConstraint(fields=["dispersal", "assessment"], name="one_part_per_assessment"),
            models.CheckConstraint(
                condition=Q(override__isnull=True) | ~Q(reason=""), name="override_of_a_part_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispersal_id}: {self.assessment_id}"
