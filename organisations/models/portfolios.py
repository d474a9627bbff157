"""Portfolios: what was loaded, for which period, from which file."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q


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
