"""The plan engine: from a change as asked for and a snapshot, the operations that carry it out.

Preview, replay of a portfolio and effect all call `plan`; nothing else works out what a change does.
"""

from organisations.domain.planning.plan import Plan, opening_plan, plan

__all__ = ["Plan", "opening_plan", "plan"]
