"""The small frozen operations a plan is made of.

Each names what it does (`verb`), to which body (`subject`), and how to apply itself to a draft of the state. Applying
an operation to a state that cannot take it raises `Impossible`, which says so in a sentence a manager understands.
Apps above contribute operations of their own that satisfy `Operation`.
"""

from organisations.domain.operations.base import AboutBody, Facts, Impossible, Operation, body_of, count_in_words
from organisations.domain.operations.bodies import (
    CloseBoard,
    CloseForm,
    CloseName,
    CloseOrganisation,
    OpenForm,
    OpenName,
    OpenOrganisation,
    OpenSeat,
    RecordPopulation,
    SupersedePopulation,
)
from organisations.domain.operations.relations import (
    CloseRelationship,
    MoveItem,
    OpenRelationship,
    RecordLineage,
    RecordLink,
)

__all__ = [
    "AboutBody",
    "CloseBoard",
    "CloseForm",
    "CloseName",
    "CloseOrganisation",
    "CloseRelationship",
    "Facts",
    "Impossible",
    "MoveItem",
    "OpenForm",
    "OpenName",
    "OpenOrganisation",
    "OpenRelationship",
    "OpenSeat",
    "Operation",
    "RecordLineage",
    "RecordLink",
    "RecordPopulation",
    "SupersedePopulation",
    "body_of",
    "count_in_words",
]
