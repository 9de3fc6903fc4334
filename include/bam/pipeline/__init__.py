"""Pipeline: the steps as functions that DAG tasks and the command line both call."""
