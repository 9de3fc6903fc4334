"""Exports: the tables in formats of others (CSV, JSON, IATI)."""
