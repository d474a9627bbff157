"""What commissioning adds to the portfolio document (see `organisations.portfolios.sections`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from commissioning.domain.holdings import NAME
from commissioning.portfolios import describing, known
from commissioning.portfolios.faults import Faults
from commissioning.portfolios.sections import SECTIONS
from commissioning.portfolios.standing import STANDING
from commissioning.portfolios.translation import Translation
from organisations.domain.replay import StatedFact
from organisations.portfolios.lives import Lives
from organisations.portfolios.reading import DocumentFault
from organisations.portfolios.sections import DocumentSection
from organisations.portfolios.stated import Stated
from pcorg.core.audit.subjects import Subject


class CommissioningChapter:
    """Services, contracts, money, staff, premises, provider arms, pilots and answers."""

    name = NAME
    sections = SECTIONS

    def faults(self, stated: Stated, lives: Lives) -> Iterable[DocumentFault]:
        return Faults(stated, lives, known.reference()).all()

    def facts(self, stated: Stated, lives: Lives, fresh: Collection[str]) -> Iterable[StatedFact]:
        return Translation(stated, lives, known.reference(), fresh).facts()

    def standing(self, section: DocumentSection, records: Iterable[Any], *, portfolio: str) -> Iterable[Any]:
        return STANDING[section.name](records, portfolio) if section.name in STANDING else records

    def describe(self, records: Mapping[str, Any], *, portfolio: str) -> Collection[Subject]:
        return describing.describe(records, portfolio=portfolio)
