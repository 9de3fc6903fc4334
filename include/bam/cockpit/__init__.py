"""Cockpit: our pages in the Airflow UI."""
