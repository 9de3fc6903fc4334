"""Finding the Airflow that commands talk to: the one that runs for this BAM_HOME, or one that the environment names."""

from __future__ import annotations

from collections.abc import Mapping

from bam.model.errors import ConfigurationError
from bam.orchestration.client import AirflowClient, AirflowError
from bam.orchestration.home import AirflowHome
from bam.orchestration.launcher import running_airflow
from bam.settings import Settings


def connect(settings: Settings, environ: Mapping[str, str]) -> AirflowClient:
    """A client of the Airflow at `BAM_AIRFLOW_URL` (with `BAM_AIRFLOW_USER` and `BAM_AIRFLOW_PASSWORD`), or of `bam up`.

    Raises:
        ConfigurationError: an address is given without a login.
        AirflowError: no address is given and no Airflow runs for this BAM_HOME.
    """
    if address := environ.get("BAM_AIRFLOW_URL"):
        user, password = environ.get("BAM_AIRFLOW_USER"), environ.get("BAM_AIRFLOW_PASSWORD")
        if not user or not password:
            raise ConfigurationError(
                "there is an address but no login",
                where="BAM_AIRFLOW_URL",
                remedy="Set BAM_AIRFLOW_USER and BAM_AIRFLOW_PASSWORD.",
            )
        return AirflowClient(address, user, password)
    running = running_airflow(settings)
    if running is None:
        raise AirflowError(
            "no Airflow is running",
            where=str(settings.home),
            remedy="Start it with `make up` in another window, or name yours with BAM_AIRFLOW_URL.",
        )
    return AirflowClient(running.address, "admin", AirflowHome.of(settings).password("admin"))
