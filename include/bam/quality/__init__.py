"""Quality: Great Expectations suites, severities that act, quarantine, review and corrections."""
