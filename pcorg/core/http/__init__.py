"""What every request passes: limits and refusals, headers, the log and the figures of the service."""
