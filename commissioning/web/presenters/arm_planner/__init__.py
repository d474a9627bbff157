"""The planner of a provider arm: what was typed, the board, the forms side by side, and what would come of it."""
