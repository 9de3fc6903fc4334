"""Briefs: the context of an issue as JSON, and the PDF and HTML that are pure functions of it."""
