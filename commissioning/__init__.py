"""What organisations do and with whose money: services, contracts, budgets, pilots, provider arms."""
