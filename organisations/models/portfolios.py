"""Portfolios: what was loaded, for which period, from which file, and what waits to be loaded."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organisations.domain.vocabulary import LoadState


class Portfolio(models.Model):
    """A set of bodies and changes that speak of one area and period, real or illustrative.

    `covers_from` and `covers_to` are both inclusive. Answers about a day outside say so.
    """

    slug = models.SlugField(primary_key=True, max_length=60)
    title = models.CharField(max_length=200)
    illustrative = models.BooleanField(default=False, db_index=True)
    covers_from = models.DateField()
    covers_to = models.DateField()
    summary = models.TextField(blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    limits = models.JSONField(default=list, blank=True, help_text="What is unknown, inferred or left out")

    class Meta:
        ordering = ["illustrative", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(covers_from__lte=F("covers_to")), name="portfolio_coverage_in_order")
        ]

    def __str__(self) -> str:
        return self.title

    def covers(self, on: date) -> bool:
        """Whether the day lies in the period covered."""
        return self.covers_from <= on <= self.covers_to


class PortfolioLoad(models.Model):
    """One loading of a portfolio file: which file, by whom, when, and what it brought."""

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="loads")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.CharField(max_length=150)
    created = models.PositiveIntegerField(help_text="Records brought by this load")
    changed = models.PositiveIntegerField(default=0, help_text="Records described anew by this load")
    unchanged = models.PositiveIntegerField(help_text="Records that were there already")

    class Meta:
        ordering = ["-loaded_at"]

    def __str__(self) -> str:
        return f"{self.file_name} at {self.loaded_at:%Y-%m-%d %H:%M}"


class LoadedRecord(models.Model):
    """One record of a portfolio document by its natural key: what it said, and a fingerprint of that.

    Loading a document again compares these: the same key with the same fingerprint changes nothing. Another one may
    describe a thing anew; history it may not alter, for that is corrected by a change and never overwritten. The
    contents, in the order in which they were loaded, are the document given back. `content` is null where the record
    was loaded before contents were kept; loading the document again fills it in.
    """

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="records")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    content = models.JSONField(null=True, blank=True)
    load = models.ForeignKey(PortfolioLoad, models.CASCADE, related_name="records")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portfolio", "key"], name="one_record_per_key")]

    def __str__(self) -> str:
        return self.key


class WaitingLoad(models.Model):
    """A file that alters what is recorded already, and so waits for somebody else's confirmation.

    Who asks and who confirms are two people, by the number of their account. `review` is what the file brings and
    alters, by name, as it was last worked out, and `state` a fingerprint of the file, of that review and of what it
    rests on: a confirmation holds for one state. The file is kept until there is a decision.
    """

    upload = models.OneToOneField("uploads.KeptUpload", models.SET_NULL, null=True, related_name="+")
    portfolio = models.SlugField(max_length=60, db_index=True)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    review = models.JSONField()
    state = models.CharField(max_length=64)
    status = models.CharField(max_length=20, choices=LoadState.choices(), default=LoadState.WAITING.value)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    load = models.OneToOneField(PortfolioLoad, models.SET_NULL, null=True, related_name="confirmation")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "sha256"],
                condition=Q(status=LoadState.WAITING.value),
                name="one_waiting_load_per_file",
            ),
            models.CheckConstraint(
                condition=Q(status=LoadState.WAITING.value, decided_by=None, decided_at=None)
                | (~Q(status=LoadState.WAITING.value) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="load_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[LoadState.CONFIRMED.value, LoadState.REFUSED.value])
                | ~Q(decided_by=F("asked_by")),
                name="load_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} for {self.portfolio}"
