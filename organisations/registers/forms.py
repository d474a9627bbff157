"""Which form a body of a register has. A register seldom says it: it is told by code, role, date and name.

The rules are ours. Where the register does not state the form, the verdict is marked as inferred and says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from organisations.registers.oddities import OddKind

FOUNDATION_FROM = date(2004, 4, 1)
"""There were no NHS foundation trusts before."""

BOARDS_FROM = date(2022, 7, 1)
"""Clinical commissioning groups ended, and their areas became locations of integrated care boards."""

SUB_LOCATION_ROLE = "RO319"

DORMANT = "Dormant in the register, which gives no closing date."
ASSUMED = "The register does not say what kind of NHS trust this is, nor does the name; taken to be acute."
BY_NAME = "The register does not say what kind of NHS trust this is; told by the name."
FOUNDATION = (
    "An NHS foundation trust by its name in the edition read; it opened before there were any, and the register does "
    "not say since when it has been one."
)
FOUNDATION_LATER = "A foundation trust by its name in the edition read; it may have opened as another kind of trust."
LEVEL = "The register does not state the level; taken to be 4, as trusts of the time managed services too."
WAS_A_GROUP = "A clinical commissioning group until 30 June 2022, by law; the name is that of the edition read."


@dataclass(frozen=True, slots=True)
class FormFinding:
    """The form of a body at its opening, and what it became by law. `inferred` says that the register does not state
    it, `remarks` what to report of the body where it is new."""

    form: str
    note: str = ""
    inferred: bool = False
    became: str = ""
    became_on: date | None = None
    remarks: tuple[OddKind, ...] = ()


_MENTAL = re.compile(r"MENTAL HEALTH|PARTNERSHIP|LEARNING DISABILITY")
_COMMUNITY = re.compile(r"COMMUNITY|HEALTH AND CARE|CARE SERVICES")
_HOSPITAL = re.compile(r"HOSPITAL|ACUTE|INFIRMARY|UNIVERSITY|TEACHING|ORTHOPAEDIC|CANCER")


def form_of_trust(code: str, name: str, opened: date | None) -> FormFinding | None:
    """The form of an NHS trust or care trust; None where there is none here: ambulance trusts, NHS Direct.

    The kind is told by words of the name, in this order: mental health, learning disability or partnership;
    community, health and care, or care services; hospital and its kin. Without any, it is taken to be acute.
    """
    upper = name.upper()
    if code.startswith("T") or _is_care_trust(upper):
        return FormFinding("care-trust")
    if "AMBULANCE" in upper or "NHS DIRECT" in upper:
        return None
    foundation = "FOUNDATION TRUST" in upper
    if foundation and opened is not None and opened >= FOUNDATION_FROM:
        return FormFinding("foundation-trust", FOUNDATION_LATER, inferred=True)
    assumed = False
    if _MENTAL.search(upper):
        form = "mental-health-trust"
    elif _COMMUNITY.search(upper):
        form = "community-trust"
    else:
        form, assumed = "acute-trust", not _HOSPITAL.search(upper)
    remarks = (OddKind.ASSUMED_FORM,) * assumed + (OddKind.FOUNDATION_SINCE,) * foundation
    note = ASSUMED if assumed else BY_NAME
    return FormFinding(form, f"{FOUNDATION} {note}" if foundation else note, inferred=True, remarks=remarks)


def form_of_group(name: str, roles: str, opened: date | None) -> FormFinding | None:
    """The form of a body of the register of clinical commissioning groups; None where there is none here: hubs and
    reporting entities. `roles` is the sub-type, role identifiers joined by bars, empty for a group that closed.

    A location of today that opened before July 2022 was a group until then.
    """
    if SUB_LOCATION_ROLE in roles.split("|"):
        if opened is not None and opened >= BOARDS_FROM:
            return FormFinding("sub-icb-location")
        return FormFinding(
            "clinical-commissioning-group",
            WAS_A_GROUP,
            inferred=True,
            became="sub-icb-location",
            became_on=BOARDS_FROM,
        )
    if roles or "HUB" in name.upper().split():
        return None
    return FormFinding("clinical-commissioning-group")


def form_of_authority(code: str, name: str) -> FormFinding | None:
    """The form of an authority, board or primary care trust; None where there is none here: regions, offices."""
    upper = name.upper()
    if upper.endswith("INTEGRATED CARE BOARD"):
        return FormFinding("integrated-care-board")
    if re.fullmatch(r"Q\d\d", code) or "STRATEGIC HEALTH AUTHORITY" in upper:
        return FormFinding("strategic-health-authority")
    if re.fullmatch(r"Q[A-E][A-Z0-9]", code) and "HEALTH AUTHORITY" in upper:
        return FormFinding("health-authority")
    if code.startswith("T") or _is_care_trust(upper):
        return FormFinding("care-trust")
    if code.startswith("5"):
        return FormFinding("pct-4", LEVEL, inferred=True)
    return None


def _is_care_trust(upper: str) -> bool:
    return "CARE TRUST" in upper and "PRIMARY CARE TRUST" not in upper


TRUST_ROLES = {"RO197", "RO57"}
"""Roles of NHS trusts and foundation trusts."""

FORMS_OF_ROLES = {
    "RO76": FormFinding("gp-practice"),
    "RO98": FormFinding("clinical-commissioning-group"),
    "RO318": FormFinding("integrated-care-board"),
    "RO107": FormFinding("care-trust"),
    "RO179": FormFinding("pct-4", LEVEL, inferred=True),
    "RO132": FormFinding("health-authority"),
}
"""What a role of the reference data makes a body here, in the order of preference, for a body may have several. Trusts
and locations of boards are told by their own rules."""
