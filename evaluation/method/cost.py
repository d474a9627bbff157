"""What it takes to work an appraisal out, known before any of it is done.

In steps of about ten nanoseconds on one core, as measured; it is rather too much for large appraisals.
"""

from __future__ import annotations

from evaluation.method.appraisal import Appraisal
from evaluation.method.smaa import DRAWS

ORDINAL = 3
"""Runs that the one run counts for in which the steps of the scale are drawn too."""

PROGRAMME = 80_000
PROGRAMME_CELL = 130
"""Steps of the linear programmes for one option of one member: at all, and for each cell."""


def _per_draw(appraisal: Appraisal) -> int:
    """Steps of each draw of a run: a value for every cell, and a comparison of every pair of options."""
    options, criteria = appraisal.shape
    return options * criteria + options * (options - 1) // 2


def _per_checked(appraisal: Appraisal) -> int:
    """Steps of each draw in which options are looked at under their own central weights."""
    options, criteria = appraisal.shape
    return options * criteria * (2 + options // 8)


def _run(appraisal: Appraisal, draws: int) -> int:
    return draws * _per_draw(appraisal) + min(draws, DRAWS) * _per_checked(appraisal)


def of_results(appraisal: Appraisal, *, draws: int) -> int:
    """What results come to: one run, and linear programmes for every option of every member."""
    options, criteria = appraisal.shape
    programmes = len(appraisal.members) * options * (PROGRAMME + PROGRAMME_CELL * options * criteria)
    return _run(appraisal, draws) + programmes


def of_sensitivity(appraisal: Appraisal, *, draws: int, chosen: int) -> int:
    """What sensitivity comes to, of an appraisal with all its mitigations, `chosen` of which are in effect."""
    return runs(appraisal, chosen=chosen) * _run(appraisal, draws)


def runs(appraisal: Appraisal, *, chosen: int) -> int:
    """How many runs sensitivity takes: as it is, by order alone, without each member, without mitigations where some
    are in effect, with each of them and with all."""
    members = len(appraisal.panel) if len(appraisal.panel) > 1 else 0
    mitigations = len(appraisal.mitigations)
    return 1 + ORDINAL + members + (chosen > 0) + mitigations + (mitigations > 1)


def draws_within(steps: int, appraisal: Appraisal, *, chosen: int) -> int:
    """How many draws of sensitivity so many steps allow; 0 for none."""
    for_one = steps // runs(appraisal, chosen=chosen)
    each, checked = _per_draw(appraisal), _per_checked(appraisal)
    few = for_one // (each + checked)
    return few if few < DRAWS else (for_one - DRAWS * checked) // each
