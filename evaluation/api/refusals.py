"""What the actions on assessments refuse, as problem documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evaluation.actions.assessments import Stale
from evaluation.actions.refusals import Invalid, NotNow
from evaluation.domain.weights import Unweighable
from evaluation.models import Assessment
from organisations.api.refusals import of_steps
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
        raise Problem(409, fault.message, code=ProblemCode.NOT_ALLOWED_IN_STATUS) from fault
    except Stale as fault:
        raise Problem(412, "The assessment has changed since you read it. Read it again.") from fault
    except Assessment.DoesNotExist as fault:
        raise Problem(404, "There is no such assessment.") from fault
