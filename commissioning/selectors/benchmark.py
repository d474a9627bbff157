"""The resources of trusts on a day, and a benchmark of one against its peers: three queries beside what the process
remembers of the bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commissioning.domain.benchmark import (
    ALL,
    LEAST_FOR_QUARTILES,
    ContractLet,
    Measure,
    PeerCandidate,
    PeerComparison,
    ServiceProvided,
    Trust,
    benchmark,
    suggested_peers,
)
from commissioning.domain.vocabulary import Sector
from commissioning.models import Contract, ContractHolding, ProvisionHolding, ServiceGroup
from commissioning.read_models.benchmark import BenchmarkBody, BenchmarkComparison, BenchmarkDocument
from organisations.domain.vocabulary import Family
from organisations.models import Organisation
from organisations.selectors import organisations
from organisations.selectors.periods import value_known_on
from organisations.selectors.system import system
from pcorg.core.audit.memory import recall
from pcorg.core.batches import batches
from pcorg.core.names import fold

EVERY_PORTFOLIO = "all"
MOST_SUGGESTED = 6
MOST_PEERS = 30

ALL_OF = {Measure.SPEND_BY_SECTOR: "All sectors"}


@dataclass(frozen=True)
class Benchmark:
    """A trust's resources beside its peers' on a day. `suggested` tells that nobody chose the peers; `alike` are the
    trusts that would be suggested, and `portfolio` is the trust's."""

    on: date
    trust: BenchmarkBody
    peers: tuple[BenchmarkBody, ...]
    alike: tuple[BenchmarkBody, ...]
    portfolio: str
    suggested: bool
    comparisons: tuple[PeerComparison, ...]
    groups: dict[str, str]
    """Labels of the service groups by slug, in order."""


def benchmark_of(code: str, peers: Sequence[str] | None, on: date) -> Benchmark:
    """The benchmark of a trust on a day against the peers named, each once, or those suggested where None.

    Raises organisations' Unknown or NotInForce for the trust or a peer.
    """
    trust = organisations.found(code, on=on)
    alike = suggestions(code, candidates(on, portfolio=trust.portfolio_id), on)
    if peers is None:
        chosen = [other["code"] for other in alike]
    else:
        chosen = [peer for peer in dict.fromkeys(peers) if peer != code]
        for peer in chosen:
            require_in_force(peer, on)
    bodies = {each["code"]: each for each in _bodies([code, *chosen], on)}
    groups = recall("service-groups", lambda: dict(ServiceGroup.objects.values_list("slug", "label")))
    resources = _resources(bodies.values(), on)
    return Benchmark(
        on=on,
        trust=bodies[code],
        peers=tuple(bodies[peer] for peer in chosen),
        alike=tuple(alike),
        portfolio=trust.portfolio_id,
        suggested=peers is None,
        comparisons=tuple(benchmark(resources[code], [resources[peer] for peer in chosen], list(groups))),
        groups=groups,
    )


def document_of(found: Benchmark) -> BenchmarkDocument:
    """A benchmark as the API gives it."""
    return {
        "as_of": found.on,
        "trust": found.trust,
        "peers": list(found.peers),
        "suggested": found.suggested,
        "quartiles": "inclusive",
        "least_for_quartiles": LEAST_FOR_QUARTILES,
        "comparisons": [_comparison(each, found.groups) for each in found.comparisons],
    }


def _comparison(each: PeerComparison, groups: Mapping[str, str]) -> BenchmarkComparison:
    own = each.own
    return {
        "measure": each.measure,
        "category": "all" if each.category == ALL else each.category,
        "label": label_of(each, groups),
        "value": _decimal(own.value),
        "gap": own.gap,
        "records": own.of,
        "unknown": own.unknown,
        "price_years": list(own.price_years),
        "lower_quartile": _decimal(each.lower),
        "median": _decimal(each.median),
        "upper_quartile": _decimal(each.upper),
        "difference": _decimal(each.difference),
        "rank": each.rank,
        "compared": list(each.compared),
        "not_known": list(each.not_known),
        "other_prices": list(each.other_prices),
        "peers": [{"code": code, "value": _decimal(figure.value), "gap": figure.gap} for code, figure in each.peers],
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def require_in_force(code: str, on: date) -> None:
    """See that a body is known and in force on a day, from what the process remembers. Raises as `benchmark_of`."""
    member = system(EVERY_PORTFOLIO).members.get(code)
    if member is None or not member.alive_on(on):
        organisations.found(code, on=on)


def suggestions(code: str, others: Sequence[BenchmarkBody], on: date) -> list[BenchmarkBody]:
    """The peers suggested for a trust among others: of its form, nearest in population."""
    own = next(iter(_bodies([code], on)))
    known = {other["code"]: other for other in others}
    chosen = suggested_peers(_candidate(own), [_candidate(other) for other in others], MOST_SUGGESTED)
    return [known[other] for other in chosen]


def candidates(on: date, *, portfolio: str | None) -> list[BenchmarkBody]:
    """The groups and trusts of the chosen portfolios for whose population resources are recorded on a day, in order of
    name: those that can be benchmarked. Two queries."""
    known = system(EVERY_PORTFOLIO)
    chosen = Organisation.objects.of_portfolio(portfolio).values("pk")
    serving = {member.code for member, form in known.on(on) if known.forms[form].family == Family.GROUPS_AND_TRUSTS}
    recorded = {
        code
        for holdings, served in ((ProvisionHolding, "population_of"), (ContractHolding, "commissioner"))
        for code in holdings.objects.as_of(on)
        .filter(**{f"{served}__in": chosen})
        .order_by()
        .values_list(served, flat=True)
        .distinct()
    }
    return sorted(_bodies(serving & recorded, on), key=lambda body: (fold(body["name"]), body["code"]))


def _candidate(body: BenchmarkBody) -> PeerCandidate:
    return PeerCandidate(body["code"], body["form"], body["population"])


def _bodies(codes: Collection[str], on: date) -> Iterable[BenchmarkBody]:
    members = system(EVERY_PORTFOLIO).members
    for code in codes:
        member = members[code]
        counted = member.people_on(on)
        yield {
            "code": code,
            "name": value_known_on(member.names, on) or code,
            "form": value_known_on(member.forms, on) or "",
            "population": None if counted is None else counted.count,
            "population_on": None if counted is None else counted.on,
            "population_computed": counted is not None and counted.computed,
            "population_at_least": counted is not None and counted.at_least,
        }


def _resources(bodies: Collection[BenchmarkBody], on: date) -> dict[str, Trust]:
    codes = [body["code"] for body in bodies]
    services: dict[str, list[ServiceProvided]] = defaultdict(list)
    contracts: dict[str, list[ContractLet]] = defaultdict(list)
    for batch in batches(codes):
        for trust, service in _services(batch, on):
            services[trust].append(service)
        for trust, contract in _contracts(batch, on):
            contracts[trust].append(contract)
    return {
        code: Trust(code, body["population"], tuple(services[code]), tuple(contracts[code]))
        for code, body in zip(codes, bodies, strict=True)
    }


def _services(codes: Sequence[str], on: date) -> Iterable[tuple[str, ServiceProvided]]:
    rows = ProvisionHolding.objects.as_of(on).filter(population_of__in=codes).order_by()
    for trust, service, group, provider, wte, value, contacts, always, year in rows.values_list(
        "population_of_id",
        "item__service_id",
        "item__service__group_id",
        "provider_id",
        "wte",
        "annual_value",
        "contacts",
        "item__round_the_clock",
        "item__price_year",
    ):
        yield trust, ServiceProvided(service, group, provider, wte, value, contacts, always, year)


def _contracts(codes: Sequence[str], on: date) -> Iterable[tuple[str, ContractLet]]:
    rows = ContractHolding.objects.as_of(on).filter(commissioner__in=codes).order_by()
    named = Contract.services.through.objects.filter(contract__in=rows.values("item"))
    services: dict[str, set[str]] = defaultdict(set)
    for contract, service in named.values_list("contract_id", "service_id"):
        services[contract].add(service)
    for trust, item, sector, provider, value, year in rows.values_list(
        "commissioner_id", "item_id", "item__sector", "provider_id", "annual_value", "item__price_year"
    ):
        yield trust, ContractLet(Sector.stored(sector), provider, frozenset(services[item]), value, year)


def label_of(each: PeerComparison, groups: Mapping[str, str]) -> str:
    """The category in words."""
    if each.category == ALL:
        return ALL_OF.get(each.measure, "All services")
    if each.measure is Measure.SPEND_BY_SECTOR:
        return Sector.stored(each.category).label
    return groups.get(each.category, each.category)
