"""Policy checks: small pure functions, each with a code, an outcome, a plain sentence and its source.

Which of them a change is put to and how strictly, the declared records say (`asked`). Of recorded history they are
advice; a proposed change must meet them.
"""

from organisations.domain.checks.applied import AppliedCheck, Check, findings_by
from organisations.domain.checks.finding import Finding, merged
from organisations.domain.checks.registry import CHECKS, GUARDS, KNOWN, findings_of

__all__ = ["CHECKS", "GUARDS", "KNOWN", "AppliedCheck", "Check", "Finding", "findings_by", "findings_of", "merged"]
