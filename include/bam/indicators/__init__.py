"""Indicators: figures per period and dimension as tidy pandas tables."""
