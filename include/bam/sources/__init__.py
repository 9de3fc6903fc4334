"""Sources: where documents come from, what is new there, and fetching it politely."""
