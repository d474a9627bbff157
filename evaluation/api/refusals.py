"""What the actions on assessments refuse, as problem documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evaluation.actions.refusals import Invalid, NotNow, Stale
from evaluation.domain.weights import Unweighable
from evaluation.models import Assessment, Dispersal
from organisations.api.refusals import STATUSES, of_steps
from pcorg.api.problems import Fault, Problem, ProblemCode


@contextmanager
def of_assessments() -> Iterator[None]:
    """Turns what an action refuses into a problem document."""
    try:
        with of_steps():
            yield
    except Invalid as fault:
        known = {code.value for code in ProblemCode}
        faults = [
            Fault(ProblemCode(one.code) if one.code in known else one.code, one.message, one.pointer)
            for one in fault.problems
        ]
        raise Problem(400, faults=faults) from fault
    except Unweighable as fault:
        raise Problem(400, str(fault)) from fault
    except NotNow as fault:
        status, code = STATUSES[fault.code]
        raise Problem(status, fault.message, code=code) from fault
    except Stale as fault:
        raise Problem(412, "It has changed since you read it. Read it again.") from fault
    except Dispersal.DoesNotExist as fault:
        raise Problem(404, "There is no such dispersal.") from fault
    except Assessment.DoesNotExist as fault:
        raise Problem(404, "There is no such assessment.") from fault
