"""Documents: archiving raw bytes, converting them to canonical text, versions and copies."""
