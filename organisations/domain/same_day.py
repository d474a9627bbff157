"""Changes of one day that leave something no day to last: an organisation that opens and closes on it, a form or a name
that is taken and given up on it. Such a chain is stated as one change, from the first to the last."""

from __future__ import annotations

from collections.abc import Iterator

from organisations.domain.changes import ChangeRequest
from organisations.domain.snapshot import Body, PastChange, Snapshot, in_force
from organisations.domain.vocabulary import ChangeKind


def chained(request: ChangeRequest, snapshot: Snapshot, code: str) -> str | None:
    """Why a change would leave what one of its originals took that day no day to last, and what to state instead; None
    where it does not."""
    body, on = snapshot.bodies[code], request.effective_on
    taken = next(_taken_and_given_up(request, body, snapshot), None)
    if taken is None:
        return None
    begun, ended = taken
    named, day, title = f"{body.last_name()} ({code})", f"{on:%-d %B %Y}", _title(request)
    earlier = _earlier(snapshot, code, request)
    if earlier is None:
        return (
            f"{named} {begun} on {day}, and “{title}” {ended} on the same day. Nothing lasts less than a day: give one "
            "of the two another day."
        )
    if request.kind is ChangeKind.CORRECTION:
        return (
            f"{named} {begun} on {day} by “{_title(earlier)}”. Undo that change and record it again as it should be, "
            "or give a later day."
        )
    return (
        f"{named} {begun} on {day} by “{_title(earlier)}”, and “{title}” {ended} on the same day. Nothing lasts less "
        f"than a day: state one change instead of the two, from the first to the last{_ends(request, earlier, code)}."
    )


def _taken_and_given_up(request: ChangeRequest, body: Body, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """What a body takes on the day of a change, and what the change does to that."""
    on, closes = request.effective_on, body.code in request.closing
    name, form = in_force(body.names, on), in_force(body.forms, on)
    if closes and body.opened == on:
        yield "opens", "closes it"
    elif (closes or request.name is not None) and name is not None and name.period.start == on:
        yield f"takes the name {name.name}", "ends that name"
    elif (closes or request.to_form is not None) and form is not None and form.period.start == on:
        yield f"takes the form {snapshot.forms[form.form].label}", "ends that form"


def _earlier(snapshot: Snapshot, code: str, request: ChangeRequest) -> PastChange | None:
    """The last change of the day that the body came out of."""
    past = (each for each in reversed(snapshot.history) if each.effective_on == request.effective_on)
    return next((each for each in past if code in each.resulting), None)


def _ends(request: ChangeRequest, earlier: PastChange, code: str) -> str:
    """From which bodies to which the one change leads, where that is not the same body."""
    first = sorted({*earlier.originals, *(each for each in request.originals if each != code)})
    last = sorted(request.resulting)
    if not first or not last or first == last:
        return ""
    return f": from {' and '.join(first)} to {' and '.join(last)}"


def _title(change: ChangeRequest | PastChange) -> str:
    return change.title or change.reference or change.kind.label
