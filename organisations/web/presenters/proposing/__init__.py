"""The page on which a change is proposed: what it asks, what was typed, and what would come of it."""
