"""What organisations do and with whose money: services, contracts, budgets. Not built yet; the engine's
registration points for it are in `organisations.contributors`."""
