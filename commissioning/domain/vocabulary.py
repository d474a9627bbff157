"""The terms of commissioning, as enumerations."""

from __future__ import annotations

from pcorg.core.vocabulary import Term


class HoldingKind(Term):
    """Kinds of thing that bodies hold for a time and that a change can move."""

    CONTRACT = "contract", "Contract"
    BUDGET = "budget", "Budget"
    POOL = "pooled-budget", "Pooled budget"
    PROVISION = "provision", "Service provided"
    STAFFING = "staffing", "Staff"
    PREMISES = "premises", "Premises"
    ARM = "provider-arm", "Provider arm"
    GROUP = "portfolio-group", "Group of services"


class PartyRole(Term):
    """The part a body plays in what it holds."""

    COMMISSIONER = "commissioner", "Commissioner"
    PROVIDER = "provider", "Provider"
    POPULATION_OF = "population_of", "For whose population"
    ORGANISATION = "organisation", "Held by"
    PARTNER = "partner", "Partner"


class EndReason(Term):
    """Why a change ends a holding."""

    PASSED_ON = "passed-on", "It passes on"
    LEFT_BEHIND = "left-behind", "The body that held it ends, and nobody takes it over"
    WITH_ITSELF = "with-itself", "Its parties would be one body, and a body has no contract with itself"
    LAPSED = "lapsed", "It lapses: both parts come to one body, as the change says, and the work becomes its own"


class Tier(Term):
    """How a community service stands in the portfolio (The King's Fund 2009, Figure 1; the layout is inferred)."""

    CORE = "core", "Core"
    SPECIALIST = "specialist", "Specialist"
    WITH_OTHERS = "with-other-agencies", "With other agencies"


class Sector(Term):
    """Where care takes place, for comparing how resources are spread."""

    PRIMARY = "primary", "Primary care"
    COMMUNITY = "community", "Community health services"
    ACUTE = "acute", "Acute hospital care"
    MENTAL_HEALTH = "mental-health", "Mental health"
    SOCIAL = "social", "Social care"


class Stream(Term):
    """Streams of the unified allocation."""

    HOSPITAL_AND_COMMUNITY = "hospital-and-community", "Hospital and community health services"
    PRESCRIBING = "prescribing", "Prescribing"
    GMS_INFRASTRUCTURE = "gms-infrastructure", "General medical services infrastructure"


class SetBy(Term):
    """How the amount of a budget was arrived at."""

    CAPITATION = "capitation", "Weighted capitation"
    HISTORIC = "historic", "Historic spend"
    NEGOTIATED = "negotiated", "Negotiated"


class Flexibility(Term):
    """The flexibilities of the Health Act 1999 for working with councils."""

    POOLED = "pooled", "Pooled budget"
    LEAD_COMMISSIONING = "lead-commissioning", "Lead commissioning"
    INTEGRATED_PROVISION = "integrated-provision", "Integrated provision"


class Separation(Term):
    """How far a trust's provider arm is separated from its commissioning, least first."""

    NONE = "none", "Not separated"
    INTERNAL = "internal", "Internal, with a service-level agreement"
    ARMS_LENGTH = "arms-length", "At arm's length"
    FULL = "full", "Fully separate"


class PilotVariant(Term):
    """Variants of personal medical services pilot (Goodwin 2001, lines 180 to 224 and 631 to 636)."""

    PRACTICE = "practice", "An existing practice under a local contract"
    SALARIED = "salaried", "Salaried doctors"
    NURSE_LED = "nurse-led", "Nurse-led"
    COMMUNITY_HOSPITAL = "community-hospital", "Community hospital"


class PilotEnd(Term):
    """What happens when a pilot's term ends."""

    PERMANENT = "permanent", "Becomes permanent"
    GENERAL = "general-medical-services", "Returns to the national contract"
    TRUST = "into-trust", "Goes into a primary care trust"
    CLOSES = "closes", "Closes"
    UNDECIDED = "undecided", "Not decided yet"


class Addressee(Term):
    """To whom a recommendation speaks."""

    GENERAL = "general", "Everybody"
    COMMISSIONERS = "commissioners", "Commissioners"
    PROVIDERS = "providers", "Providers"
    NATIONAL = "national", "National bodies"


class AnswerState(Term):
    """How far a trust has come with a recommendation."""

    NOT_STARTED = "not-started", "Not started"
    UNDER_WAY = "under-way", "Under way"
    MET = "met", "Met"
    NOT_APPLICABLE = "not-applicable", "Does not apply"


class ClientGroup(Term):
    """Whom a staff group serves (The King's Fund 2009, Table 2)."""

    OVERALL = "overall", "Overall"
    CHILDREN = "babies-and-children", "Babies and children"
    ADULTS = "adults", "Adults"
    OLDER = "older-people-and-end-of-life", "Older people and end of life"


class ApproachList(Term):
    """The two lists of approaches to provision that the report gives; both are kept."""

    STANCES = "stances", "Stances told at the expert seminar or found in a sample of 22 trusts"
    ROUTES = "routes", "Routes named at the expert seminar"


class Axis(Term):
    """What a stance is about."""

    FOCUS = "focus", "Focus"
    SEPARATION = "separation", "Separation"
    CONTESTABILITY = "contestability", "Contestability"
    FORM = "form", "Form"


class PremisesKind(Term):
    """Kinds of premises."""

    HEALTH_CENTRE = "health-centre", "Health centre"
    CLINIC = "clinic", "Clinic"
    COMMUNITY_HOSPITAL = "community-hospital", "Community hospital"
    GP_PREMISES = "gp-premises", "General practice premises"
    BASE = "base", "Staff base"


class PointKind(Term):
    """Which column of Table C1 a point stands in."""

    BENEFIT = "benefit", "Benefit"
    RISK = "risk", "Risk"


class Answer(Term):
    """Whether a legal attribute holds of a form, as the source reads; unknown where it does not say."""

    YES = "yes", "Yes"
    NO = "no", "No"
    POSSIBLE = "possible", "Possible"
    UNKNOWN = "unknown", "Not stated"
