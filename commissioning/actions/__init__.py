"""Everything that writes commissioning."""
