"""Orchestration: what Airflow needs from us: defaults of the DAGs, callbacks, the launcher, the REST client."""
