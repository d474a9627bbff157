"""The reference records of commissioning: as many as the sources have, each with its lines, loaded as a whole."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from commissioning.models import (
    Approach,
    ArmOption,
    ArmOptionPoint,
    ContractType,
    Recommendation,
    Service,
    ServiceGroup,
    StaffGroup,
    StaffRole,
)
from commissioning.models.reference import LEGAL_ATTRIBUTES
from commissioning.services.load_reference import LOADERS
from organisations.domain.vocabulary import Family
from organisations.portfolios.reading import DocumentRefused
from organisations.services import load_reference as loading
from organisations.services.load_reference import load_reference
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.trail import data_version
from tests.databases import FIXTURES

pytestmark = pytest.mark.django_db

REFERENCE = FIXTURES / "reference"

OPTIONS = {
    "managed-practitioner-network": (3, 5),
    "horizontal-integration": (2, 3),
    "vertical-integration": (2, 4),
    "provider-unit": (7, 4),
    "community-foundation-trust": (3, 3),
    "arms-length-management-organisation": (3, 4),
    "company-limited-by-guarantee": (8, 5),
    "company-limited-by-shares": (6, 4),
    "community-interest-company": (9, 9),
    "community-benefit-society": (5, 3),
    "cooperative-society": (4, 3),
}
"""Rows of Table C1, counted by hand: benefits and risks of each form."""


class TestCatalogue:
    def test_five_groups_hold_32_services(self) -> None:
        held = Counter(Service.objects.values_list("group", flat=True))
        assert held == {
            "children-and-families": 6,
            "rehabilitation": 5,
            "health-and-wellbeing": 9,
            "long-term-conditions": 9,
            "end-of-life": 3,
        }
        assert list(ServiceGroup.objects.values_list("slug", flat=True)) == list(held)

    def test_only_services_that_the_figure_names_have_a_tier(self) -> None:
        tiers = dict(Service.objects.exclude(tier="").values_list("slug", "tier"))
        assert tiers == {
            "health-visiting": "core",
            "district-nurses": "core",
            "chiropody": "specialist",
            "school-nursing": "specialist",
            "health-promotion": "specialist",
            "community-maternity": "with-other-agencies",
            "carer-support": "with-other-agencies",
            "sexual-health-services": "with-other-agencies",
        }

    def test_both_services_for_carers_are_kept(self) -> None:
        """The source lists nearly the same service twice, in two groups."""
        both = Service.objects.filter(slug__in=["carer-support", "support-for-carers"])
        assert dict(both.values_list("slug", "group")) == {
            "carer-support": "long-term-conditions",
            "support-for-carers": "end-of-life",
        }
        assert all(service.note for service in both)

    def test_staff_groups_serve_whom_table_2_says_and_our_own_say_that_they_are_ours(self) -> None:
        cells = StaffRole.objects.values_list("staff_group", "client_group", "ambiguous")
        assert Counter(group for group, _, _ in cells) == {
            "health-visitor": 2,
            "speech-and-language-therapist": 4,
            "physiotherapist": 4,
            "occupational-therapist": 3,
            "district-nurse": 2,
        }
        assert {(group, client) for group, client, ambiguous in cells if ambiguous} == {
            ("speech-and-language-therapist", "older-people-and-end-of-life"),
            ("physiotherapist", "older-people-and-end-of-life"),
            ("occupational-therapist", "adults"),
            ("district-nurse", "adults"),
        }
        without = StaffGroup.objects.filter(roles=None)
        assert without.count() == 7
        assert set(without.values_list("source", flat=True)) == {"pcorg-model"}

    def test_an_agreement_is_the_one_kind_of_contract_that_is_not_enforced(self) -> None:
        assert ContractType.objects.count() == 7
        assert list(ContractType.objects.filter(agreement=True).values_list("pk", flat=True)) == [
            "service-level-agreement"
        ]

    def test_both_lists_of_approaches_are_kept(self) -> None:
        assert Counter(Approach.objects.values_list("drawn_from", flat=True)) == {"stances": 7, "routes": 6}

    def test_31_recommendations_speak_to_four(self) -> None:
        held = Counter(Recommendation.objects.values_list("addressee", flat=True))
        assert held == {"general": 16, "commissioners": 7, "providers": 4, "national": 4}
        general = Recommendation.objects.filter(addressee="general")
        assert Counter(general.values_list("theme", flat=True)).most_common() == [
            ("Raise performance and productivity", 5),
            ("Use the evidence on integrated care", 4),
            ("Order services, resources and buildings", 4),
            ("Learn from history", 3),
        ]


class TestOptions:
    def test_eleven_forms_have_52_benefits_and_47_risks(self) -> None:
        points = Counter(ArmOptionPoint.objects.values_list("option", "kind"))
        assert {slug: (points[slug, "benefit"], points[slug, "risk"]) for slug, _ in points} == OPTIONS
        assert sum(benefits for benefits, _ in OPTIONS.values()) == 52
        assert sum(risks for _, risks in OPTIONS.values()) == 47

    def test_six_are_of_the_nhs_and_five_are_not(self) -> None:
        families = Counter(ArmOption.objects.values_list("form__family", flat=True))
        assert families == {Family.PROVIDER_ARM_NHS.value: 6, Family.PROVIDER_ARM_INDEPENDENT.value: 5}

    def test_three_points_are_ambiguous_and_say_why(self) -> None:
        ambiguous = ArmOptionPoint.objects.filter(ambiguous=True)
        assert {(point.option_id, point.kind) for point in ambiguous} == {
            ("vertical-integration", "risk"),
            ("community-foundation-trust", "risk"),
            ("company-limited-by-shares", "risk"),
        }
        assert all(point.note for point in ambiguous)

    def test_attributes_code_the_words_and_stay_unknown_where_there_are_none(self) -> None:
        entity = dict(ArmOption.objects.values_list("form", "separate_entity"))
        assert {form for form, answer in entity.items() if answer == "yes"} == {
            "community-foundation-trust",
            "company-limited-by-guarantee",
            "company-limited-by-shares",
            "community-interest-company",
            "community-benefit-society",
            "cooperative-society",
        }
        assert entity["arms-length-management-organisation"] == "unknown"
        society = ArmOption.objects.get(form="cooperative-society")
        assert {name: getattr(society, name) for name in LEGAL_ATTRIBUTES} == {
            "separate_entity": "yes",
            "charity": "no",
            "pensions": "no",
            "asset_lock": "unknown",
            "monopoly": "unknown",
            "profit": "possible",
            "staff_ownership": "unknown",
            "untested": "unknown",
            "accountability_framework": "unknown",
        }


@pytest.mark.parametrize(
    "model",
    [ServiceGroup, Service, StaffGroup, StaffRole, ContractType, Approach, Recommendation, ArmOption, ArmOptionPoint],
)
def test_every_record_says_where_it_is_from(model: type) -> None:
    ours = {"pcorg-model", "general-knowledge"}
    for record in model.objects.all():
        assert record.source_id in {"kings-fund-2009", "goodwin-2001"} | ours
        assert record.source_id in ours or record.locator.startswith("line"), record


Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Copies the shipped files and replaces words in one of them; it must hold them."""
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)

    def edit(name: str, old: str, new: str) -> Path:
        path = folder / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return edit


class TestLoading:
    def test_a_change_in_a_file_changes_the_record_and_leaves_a_trace(self, edited: Edit) -> None:
        report = load_reference(folder=edited("services", "label: Audiology", "label: Hearing"), by="ann")
        assert (report.created, report.changed, report.removed) == (0, 1, 0)
        assert Service.objects.get(pk="audiology").label == "Hearing"
        entry = AuditEntry.objects.latest("sequence")
        assert (entry.actor, entry.particulars) == ("ann", {"created": 0, "changed": 1, "removed": 0})

    def test_a_field_left_out_goes_back_to_what_leaving_it_out_means(self, edited: Edit) -> None:
        report = load_reference(folder=edited("services", "    tier: core\n", ""), by="ann")
        assert report.changed == 2
        assert not Service.objects.filter(tier="core").exists()

    def test_parts_that_leave_the_file_leave_their_record(self, edited: Edit) -> None:
        edited(
            "provider-arm-options", "      - text: Limits liability.\n        source: kings-fund-2009 line 2382\n", ""
        )
        folder = edited(
            "staff-groups",
            "      - client_group: adults\n        text: Treat injuries",
            "      - client_group: overall\n        text: Treat injuries",
        )
        with pytest.raises(DocumentRefused, match="1 fault"):
            load_reference(folder=folder, by="ann")
        edited(
            "staff-groups",
            "      - client_group: overall\n        text: Treat injuries",
            "      - client_group: adults\n        text: Treat injuries",
        )
        report = load_reference(folder=folder, by="ann")
        society = ArmOption.objects.get(form="cooperative-society")
        assert list(society.points.filter(kind="benefit").values_list("position", flat=True)) == [0, 1, 2]
        assert (report.created, report.changed, report.removed) == (0, 3, 1)

    def test_records_of_an_administrator_stay(self) -> None:
        Service.objects.create(slug="tele-care", label="Care by telephone", group_id="end-of-life")
        before = data_version()
        assert load_reference(folder=REFERENCE, by="ann").nothing_new
        assert Service.objects.filter(pk="tele-care").exists()
        assert data_version() == before

    def test_every_fault_of_a_file_is_told_with_its_line_and_nothing_is_loaded(self, edited: Edit) -> None:
        edited("services", "label: Audiology", "label: Chiropody")
        edited("services", "tier: core", "tier: kore")
        edited("services", "slug: diabetes-services", "slug: diabetes-services\n    colour: blue")
        edited("services", "group: rehabilitation\n    source: kings-fund-2009 line 346", "group: nowhere")
        folder = edited("services", "slug: self-care", "slug: dental-services")
        before = data_version()
        with pytest.raises(DocumentRefused) as refusal:
            load_reference(folder=folder, by="ann")
        told = [str(fault) for fault in refusal.value.faults]
        assert len(told) == 7
        assert all(fault.line for fault in refusal.value.faults)
        assert sum("kore" in fault for fault in told) == 2
        for words in (
            "There is no source called .",
            "nowhere",
            "given twice",
            "no such field",
            "Service with this Label",
        ):
            assert sum(words in fault for fault in told) == 1, words
        assert data_version() == before
        assert not Service.objects.filter(tier="kore").exists()

    def test_a_list_that_is_none_is_told(self, edited: Edit) -> None:
        folder = edited(
            "staff-groups",
            "staff_groups:\n",
            "staff_groups:\n  - {slug: x, label: X, source: pcorg-model, roles: none}\n",
        )
        with pytest.raises(DocumentRefused) as refusal:
            load_reference(folder=folder, by="ann")
        assert ["This must be a list." in str(fault) for fault in refusal.value.faults] == [True]

    def test_a_file_has_one_loader(self) -> None:
        for name, load in LOADERS.items():
            with pytest.raises(ValueError, match="has a loader already"):
                loading.register(name, load)
