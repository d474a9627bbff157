"""The terms the domain uses, as enumerations. Each member is its API value and carries its label for people.

Terms follow W3C ORG and the NHS Organisation Data Service where they have one.
"""

from __future__ import annotations

from pcorg.core.vocabulary import Term


class Family(Term):
    """Families of organisational form (the table in the domain model)."""

    BEFORE_1999 = "before-1999", "Before 1999"
    GROUPS_AND_TRUSTS = "primary-care-groups-and-trusts", "Primary care groups and trusts"
    PILOTS = "pilots", "Pilots"
    AUTHORITIES = "authorities", "Authorities"
    NHS_PROVIDERS = "nhs-providers", "NHS providers"
    PROVIDER_ARM_NHS = "provider-arm-nhs", "Provider-arm forms in the NHS family"
    PROVIDER_ARM_INDEPENDENT = "provider-arm-independent", "Provider-arm forms outside the NHS"
    COLLABORATIONS = "collaborations", "Collaborations"
    LATER_BODIES = "later-bodies", "Later bodies"


class Nature(Term):
    """What kind of thing a form makes: a body of its own, a part of one, or a working together of several."""

    BODY = "body", "A body of its own"
    PART = "part", "Part of another body"
    COLLABORATION = "collaboration", "Collaboration of several bodies"


class Basis(Term):
    """How a stated fact is known."""

    REGISTER = "register", "Recorded in a register"
    SOURCE = "source", "Stated by a source"
    INFERRED = "inferred", "Inferred"
    ESTIMATE = "estimate", "Estimate"
    GENERAL_KNOWLEDGE = "general-knowledge", "General knowledge"
    ILLUSTRATIVE = "illustrative", "Illustrative"
    DECISION = "decision", "Brought about by a change carried out here"
    ELSEWHERE = "decided-elsewhere", "Brought about by a change carried out in another copy of this product"


class LoadState(Term):
    """What has become of a file that wants confirming."""

    WAITING = "waiting", "Waits to be confirmed"
    CONFIRMED = "confirmed", "Confirmed and loaded"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class OpenedBasis(Term):
    """Whether the opening date is known, or is only where the portfolio's coverage starts."""

    RECORDED = "recorded", "Recorded"
    COVERAGE = "coverage", "Start of the period covered; the true date is not recorded"


class StatedPopulationBasis(Term):
    """How the people of a population that somebody states were counted."""

    REGISTERED = "registered", "Patients registered with practices"
    RESIDENT = "resident", "People resident in the area"
    ESTIMATE = "estimate", "Estimate"


class PopulationBasis(Term):
    """How the people of a population were counted, or that a change computed it from other counts."""

    REGISTERED = "registered", "Patients registered with practices"
    RESIDENT = "resident", "People resident in the area"
    ESTIMATE = "estimate", "Estimate"
    COMPUTED = "computed", "Computed from the counts of the organisations that changed"


class ShareBasis(Term):
    """By what a share of a population was measured."""

    POPULATION = "population", "Population"
    POSTCODES = "postcodes", "Postcodes"
    NAMED_ITEMS = "named-items", "Named items"
    ESTIMATE = "estimate", "Estimate"


class ShareEvidence(Term):
    """How a share between a body and one that stands for it later is known, best first."""

    STATED = "stated", "Stated by one change, or by a chain of changes in which nobody else joined"
    AREAS = "areas", "From the small areas that both cover"
    COMPOSED = "composed", "Multiplied through bodies in which people of several originals had mixed"


class RelationshipKind(Term):
    """Dated ties between two organisations, read from subject to object."""

    ACCOUNTABLE_TO = "accountable-to", "Accountable to"
    SUB_COMMITTEE_OF = "sub-committee-of", "Sub-committee of"
    MEMBER_OF = "member-of", "Member of"
    COMMISSIONED_BY = "commissioned-by", "Commissioned by"
    OPERATED_BY = "operated-by", "Operated by"
    LOCATED_IN = "located-in", "Located in"
    SERVES = "serves", "Serves"
    PARTNER_OF = "partner-of", "Partner of"
    NEIGHBOUR_OF = "neighbour-of", "Neighbour of"
    OVERLAPS = "overlaps", "Overlaps the area of"

    @property
    def symmetric(self) -> bool:
        """Whether the tie reads the same from both ends; such a tie is stored once, smaller code first."""
        return self in {RelationshipKind.PARTNER_OF, RelationshipKind.NEIGHBOUR_OF}


class Constituency(Term):
    """Whom a board member speaks for (Goodwin 2001, lines 327-330 and 537-538)."""

    GP = "gp", "General practitioners"
    NURSE = "nurse", "Nurses"
    SOCIAL_SERVICES = "social-services", "Social services"
    LAY = "lay", "Lay members"
    LOCAL_AUTHORITY = "local-authority", "Local authority"
    CHIEF_EXECUTIVE = "chief-executive", "Chief executive"
    OTHER = "other", "Other members"


class ChangeKind(Term):
    """Kinds of change event, named by what goes in and what comes out."""

    ESTABLISHMENT = "establishment", "Establishment"
    TRANSITION = "transition", "Transition"
    MERGER = "merger", "Merger"
    SPLIT = "split", "Split"
    SEPARATION = "separation", "Separation"
    TRANSFER = "transfer", "Transfer"
    RECONFIGURATION = "reconfiguration", "Reconfiguration"
    RENAME = "rename", "Change of name"
    DISSOLUTION = "dissolution", "Dissolution"
    CORRECTION = "correction", "Correction"


class Route(Term):
    """By which route one form becomes another."""

    LEVEL = "level", "Change of level: the same body"
    SUCCESSION = "succession", "Succession: a new statutory body"
    DESIGNATION = "designation", "Designation: the same body under a new title"
    MERGER = "merger", "Merger: several bodies into one"
    SEPARATION = "separation", "Separation: a part becomes a body"

    @property
    def keeps_body(self) -> bool:
        """Whether the code, and so the body, stays the same."""
        return self in {Route.LEVEL, Route.DESIGNATION}


class ChangeStatus(Term):
    """How far a change has come. Effected changes are history."""

    DRAFT = "draft", "Draft"
    PROPOSED = "proposed", "Proposed"
    CONSULTING = "consulting", "Out to consultation"
    APPROVED = "approved", "Approved"
    EFFECTED = "effected", "Carried out"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Outcome(Term):
    """What a check found."""

    PASS = "pass", "Passes"
    ADVISE = "advise", "Advises"
    BLOCK = "block", "Blocks"


class SettledBy(Term):
    """What can settle a check: our data, recorded evidence, or either."""

    DATA = "data", "Data held here"
    EVIDENCE = "evidence", "Recorded evidence"
    EITHER = "either", "Data held here or recorded evidence"


class Applies(Term):
    """Which changes a check is asked of."""

    ALWAYS = "always", "Every change that it concerns"
    DECLARED = "declared", "Changes whose step or form declares it"


class Unresolved(Term):
    """Why nothing, or not everything, stands for a code on a day."""

    BLANK = "blank-code", "The code is blank"
    UNKNOWN = "unknown-code", "No organisation has this code"
    NOT_YET = "not-in-force", "The organisation opens after the date, or was not in force on the day of the data"
    ENDED = "no-successor", "The organisation ended and nothing stands for it"
    PARTLY = "partly-without-successor", "Part of it ended and nothing stands for that part"
