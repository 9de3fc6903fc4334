"""Delivery: the right issue to the right recipient once: outbox, mail, other channels, approval."""
