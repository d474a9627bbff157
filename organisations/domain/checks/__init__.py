"""Policy checks: small pure functions, each with a code, an outcome, a plain sentence and its source.

Of recorded history they are advice; a proposed change must meet them.
"""

from organisations.domain.checks.finding import Finding, merged
from organisations.domain.checks.registry import CHECKS, findings_of

__all__ = ["CHECKS", "Finding", "findings_of", "merged"]
