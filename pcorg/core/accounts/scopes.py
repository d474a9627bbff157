"""What a token may do of what its owner may."""

from __future__ import annotations

from pcorg.core.vocabulary import Term


class TokenScope(Term):
    """How far a token reaches. None reaches further than its owner's roles."""

    READ = "read", "Read only"
    PROPOSE = "propose", "Propose: read, and propose, amend, comment, consult, withdraw and assess"
    ALL = "all", "All that my roles may"
