"""`bam up`: the Airflow UI with our DAGs on this machine, kept running until Ctrl-C."""

from __future__ import annotations

from contextlib import suppress

import click

from bam.settings import read_settings


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the UI on 127.0.0.1; 8080 or any free one by default.")
def command(port: int | None) -> None:
    """Start the Airflow UI with our DAGs and keep it running until Ctrl-C.

    Everything that it writes is below BAM_HOME. A component that dies is started again. The DAGs of the briefs are switched
    off at first: nobody is mailed before somebody switches them on in the UI.
    """
    from bam.orchestration.home import USERS
    from bam.orchestration.launcher import Launcher, running_airflow, stop_signals

    settings = read_settings()
    if running := running_airflow(settings):
        click.echo(f"Airflow is running already at {running.address} (process {running.pid}). Stop it with Ctrl-C in its window.")
        return

    def tell(line: str) -> None:
        click.echo(line, err=True)

    with stop_signals(), suppress(KeyboardInterrupt), Launcher(settings, port=port, schedules=True, tell=tell) as airflow:
        click.echo(f"\n  Airflow   {airflow.address}")
        for user, role in USERS.items():
            click.echo(f"  {role:<8}  {user} / {airflow.home.password(user)}")
        click.echo(f"  logs      {airflow.home.logs}\n\nCtrl-C stops it.")
        while True:
            airflow.watch()
