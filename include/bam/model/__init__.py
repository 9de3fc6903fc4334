"""Shared types: what the steps of the way hand to each other. No I/O, no clock, no third-party import."""
