"""Reference records of evaluation: frameworks of criteria, integration options, evidence, mitigations.

All come from the sources, in our own words, with the lines they rest on. The sources give no numbers.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from evaluation.method.scale import Polarity
from evaluation.method.vocabulary import MitigationKind, TransformKind
from organisations.models.sourced import Cited, ListedReference


class Framework(ListedReference):
    """A set of criteria to judge options by. The five criteria of Table 3 are one; others can be added."""

    summary = models.TextField(blank=True)


class Criterion(Cited):
    """One criterion of a framework: what an option is asked. The criteria of a framework stay the same once assessments
    rest on it: with another their results would be others, those of approved ones too."""

    slug = models.SlugField(primary_key=True, max_length=60)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="criteria")
    label = models.CharField(max_length=120)
    text = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["framework", "position", "slug"]
        verbose_name_plural = "criteria"
        constraints = [models.UniqueConstraint(fields=["framework", "label"], name="one_criterion_per_label")]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        before = Criterion.objects.filter(pk=self.pk).values_list("framework", flat=True).first()
        changed = {before, self.framework_id} - {None} if before != self.framework_id else set()
        if Framework.objects.filter(pk__in=changed, assessments__isnull=False).exists():
            words = "Assessments rest on the criteria of this framework as they are. Make another framework for others."
            raise ValidationError({"framework": words})


class IntegrationOption(ListedReference):
    """A way of integrating community services with others, or of leaving them apart (The King's Fund 2009, Table 3).

    `thin` marks one for which the evidence is thinner than for the others.
    """

    summary = models.TextField(blank=True)
    thin = models.BooleanField(default=False)


class Evidence(Cited):
    """A statement of evidence on an option and a criterion.

    `qualified` where the source qualifies it (varies, may, is improving); `ambiguous` where its layout leaves open to
    which option it belongs.
    """

    option = models.ForeignKey(IntegrationOption, models.PROTECT, related_name="evidence")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="evidence")
    polarity = models.CharField(max_length=20, choices=Polarity.choices(), db_index=True)
    qualified = models.BooleanField(default=False)
    ambiguous = models.BooleanField(default=False)
    text = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["option", "criterion", "position"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["option", "criterion", "position"], name="one_statement_per_place")
        ]

    def __str__(self) -> str:
        return self.text


class Mitigation(Cited):
    """What commissioners can do about weakness on a criterion, whatever the option, or what limits that.

    The transform is our coding of the words, offered as a start and never imposed.
    """

    slug = models.SlugField(primary_key=True, max_length=60)
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="mitigations")
    kind = models.CharField(max_length=20, choices=MitigationKind.choices(), db_index=True)
    text = models.TextField()
    transform = models.CharField(max_length=20, choices=TransformKind.choices(), blank=True)
    amount = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["criterion", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(transform="", amount__isnull=True) | (~Q(transform="") & Q(amount__isnull=False)),
                name="mitigation_has_transform_and_amount",
            )
        ]

    def __str__(self) -> str:
        return self.text
