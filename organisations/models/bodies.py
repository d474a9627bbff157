"""Organisations and everything dated about one of them alone.

Every period is half-open, `[start, end)`; `end` null means still in force. A period that ends as it starts never held:
a change struck it out, and it stays readable through `with_struck_out`; `objects` leaves it out. Only the plan writer
(`organisations.services.writer`) creates or alters these rows.
"""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from organisations.domain.vocabulary import Constituency, OpenedBasis, PopulationBasis
from organisations.models.querysets import (
    HELD,
    STANDING,
    Bodies,
    HeldPeriods,
    OrganisationQuerySet,
    PeriodQuerySet,
    StandingQuerySet,
    StandingRows,
)
from organisations.models.reference import Form
from organisations.models.sourced import Sourced


class Organisation(Sourced):
    """A body: an ODS-style code is its identity for ever. Its whole life is `opened` to `closed`.

    Codes of councils are ours and begin `LA-`; codes of illustrative bodies begin `X-`.
    """

    code = models.CharField(max_length=40, primary_key=True)
    portfolio = models.ForeignKey("organisations.Portfolio", models.PROTECT, related_name="organisations")
    opened = models.DateField(db_index=True)
    opened_basis = models.CharField(max_length=20, choices=OpenedBasis.choices())
    closed = models.DateField(null=True, blank=True, db_index=True)
    closed_by = models.ForeignKey(
        "organisations.Change",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The change that closed it; none where its closing is stated with the body",
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts the writes that touched the body")

    objects = Bodies()
    with_struck_out = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gte=F("opened")),
                name="organisation_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(closed__isnull=False), name="organisation_closed_by_a_change"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="organisation_has_a_code"),
        ]

    def __str__(self) -> str:
        return self.code


class DatedFact(Sourced):
    """A fact about one organisation that holds for a period, with the change that began and the one that ended it.

    Where a change ended it, `due_end` keeps the day on which it was stated to end, for the change may be undone.
    """

    organisation: models.ForeignKey[Organisation, Organisation]
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    due_end = models.DateField(null=True, blank=True, help_text="When it was to end, where a change ended it")
    begun_by = models.ForeignKey(
        "organisations.Change", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_by = models.ForeignKey(
        "organisations.Change", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = HeldPeriods()
    with_struck_out = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True


class FormPeriod(DatedFact):
    """The form an organisation has for a period. Periods of one organisation never overlap."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="form_periods")
    form = models.ForeignKey(Form, models.PROTECT, related_name="periods")

    class Meta:
        ordering = ["organisation", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="form_period_ends_after_start"
            ),
            models.UniqueConstraint(fields=["organisation", "start"], condition=HELD, name="one_form_from_a_day"),
        ]
        indexes = [models.Index(fields=["form", "start", "end"], name="form_period_by_form")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.form_id} from {self.start}"


class NamePeriod(DatedFact):
    """The name an organisation bears for a period. Names are not unique; periods of one body never overlap."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="name_periods")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["organisation", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="name_period_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="name_is_not_empty"),
            models.UniqueConstraint(fields=["organisation", "start"], condition=HELD, name="one_name_from_a_day"),
        ]
        indexes = [models.Index(fields=["name"], name="name_period_by_name")]

    def __str__(self) -> str:
        return self.name


class Population(Sourced):
    """People of an organisation, standing from the day `on` until the next count.

    `counted` says how: registered, resident or an estimate, counted on that day; or computed by a change of that day,
    from counts of which `oldest_on` is the day of the oldest. `parts` are those counts (see `domain.counts.CountPart`),
    by code; where some are unknown the people are `at_least` so many. A later change of the same day supersedes the
    count: the row stays, for an undone change gives it back.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="populations")
    on = models.DateField()
    count = models.PositiveIntegerField(validators=[MinValueValidator(0)])
    counted = models.CharField(max_length=20, choices=PopulationBasis.choices())
    oldest_on = models.DateField(null=True, blank=True)
    at_least = models.BooleanField(default=False)
    parts = models.JSONField(default=list, blank=True)
    begun_by = models.ForeignKey(
        "organisations.Change", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    superseded_by = models.ForeignKey(
        "organisations.Change", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = StandingRows()
    with_struck_out = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "on"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "on"], condition=STANDING, name="one_population_a_day"),
            models.CheckConstraint(
                condition=Q(counted=PopulationBasis.COMPUTED.value, oldest_on__isnull=False, begun_by__isnull=False)
                | (~Q(counted=PopulationBasis.COMPUTED.value) & Q(oldest_on__isnull=True, at_least=False)),
                name="computed_population_has_its_oldest_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.count} on {self.on}"


class BoardSeat(DatedFact):
    """Seats a constituency holds on an organisation's governing board for a period."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="board_seats")
    constituency = models.CharField(max_length=20, choices=Constituency.choices())
    seats = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["organisation", "start", "constituency"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="board_seat_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="board_seat_at_least_one"),
            models.UniqueConstraint(
                fields=["organisation", "constituency", "start"], condition=HELD, name="one_seat_record_from_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.seats} {self.constituency}"
