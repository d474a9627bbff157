"""The resources of trusts on a day, and a benchmark of one against its peers: three queries beside what the process
remembers of the bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commissioning.domain.benchmark import (
    ALL,
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
from organisations.domain.vocabulary import Family
from organisations.models import Organisation
from organisations.selectors import organisations
from organisations.selectors.spells import known_by
from organisations.selectors.system import system
from pcorg.core.audit.memory import recall
from pcorg.core.batches import batches
from pcorg.core.names import fold

EVERY_PORTFOLIO = "all"
MOST_SUGGESTED = 6
MOST_PEERS = 30

ALL_OF = {Measure.SPEND_BY_SECTOR: "All sectors"}


@dataclass(frozen=True, slots=True)
class BenchmarkedBody:
    """A body that a benchmark names, as it was on the day. `people_on` is the day of its count; `computed` says that a
    change worked it out from counts of which the oldest is of that day, `at_least` that some people are not known."""

    code: str
    name: str
    form: str
    people: int | None
    people_on: date | None
    computed: bool = False
    at_least: bool = False


@dataclass(frozen=True)
class Benchmark:
    """A trust's resources beside its peers' on a day. `suggested` tells that nobody chose the peers; `alike` are the
    trusts that would be suggested, and `portfolio` is the trust's."""

    on: date
    trust: BenchmarkedBody
    peers: tuple[BenchmarkedBody, ...]
    alike: tuple[BenchmarkedBody, ...]
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
        chosen = [other.code for other in alike]
    else:
        chosen = [peer for peer in dict.fromkeys(peers) if peer != code]
        for peer in chosen:
            require_in_force(peer, on)
    bodies = {each.code: each for each in _bodies([code, *chosen], on)}
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


def require_in_force(code: str, on: date) -> None:
    """See that a body is known and in force on a day, from what the process remembers. Raises as `benchmark_of`."""
    member = system(EVERY_PORTFOLIO).members.get(code)
    if member is None or not member.alive_on(on):
        organisations.found(code, on=on)


def suggestions(code: str, others: Sequence[BenchmarkedBody], on: date) -> list[BenchmarkedBody]:
    """The peers suggested for a trust among others: of its form, nearest in population."""
    own = next(iter(_bodies([code], on)))
    known = {other.code: other for other in others}
    chosen = suggested_peers(_candidate(own), [_candidate(other) for other in others], MOST_SUGGESTED)
    return [known[other] for other in chosen]


def candidates(on: date, *, portfolio: str | None) -> list[BenchmarkedBody]:
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
    return sorted(_bodies(serving & recorded, on), key=lambda body: (fold(body.name), body.code))


def _candidate(body: BenchmarkedBody) -> PeerCandidate:
    return PeerCandidate(body.code, body.form, body.people)


def _bodies(codes: Collection[str], on: date) -> Iterable[BenchmarkedBody]:
    members = system(EVERY_PORTFOLIO).members
    for code in codes:
        member = members[code]
        counted = member.people_on(on)
        yield BenchmarkedBody(
            code=code,
            name=known_by(member.names, on) or code,
            form=known_by(member.forms, on) or "",
            people=None if counted is None else counted.count,
            people_on=None if counted is None else counted.on,
            computed=counted is not None and counted.computed,
            at_least=counted is not None and counted.at_least,
        )


def _resources(bodies: Collection[BenchmarkedBody], on: date) -> dict[str, Trust]:
    codes = [body.code for body in bodies]
    services: dict[str, list[ServiceProvided]] = defaultdict(list)
    contracts: dict[str, list[ContractLet]] = defaultdict(list)
    for batch in batches(codes):
        for trust, service in _services(batch, on):
            services[trust].append(service)
        for trust, contract in _contracts(batch, on):
            contracts[trust].append(contract)
    return {
        body.code: Trust(body.code, body.people, tuple(services[body.code]), tuple(contracts[body.code]))
        for body in bodies
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
