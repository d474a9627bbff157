"""What the actions on assessments refuse, as problem documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evaluation.method.weights import Unweighable
from evaluation.models import Assessment, Dispersal
from evaluation.services.refusals import Invalid, NotNow, StaleVersion
from organisations.api.refusals import STATUSES, of_steps
from pcorg.core.api.problems import ApiProblem, Fault, ProblemCode


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
        raise ApiProblem(400, faults=faults) from fault
    except Unweighable as fault:
        raise ApiProblem(400, str(fault)) from fault
    except NotNow as fault:
        status, code = STATUSES[fault.code]
        raise ApiProblem(status, fault.message, code=code) from fault
    except StaleVersion as fault:
        raise ApiProblem(412, "It has changed since you read it. Read it again.") from fault
    except Dispersal.DoesNotExist as fault:
        raise ApiProblem(404, "There is no such dispersal.") from fault
    except Assessment.DoesNotExist as fault:
        raise ApiProblem(404, "There is no such assessment.") from fault
