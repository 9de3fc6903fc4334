"""The mail server that Airflow knows, for tasks and for the pages of the UI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

if TYPE_CHECKING:
    from bam.delivery.channels.smtp_server import SmtpServer

MAIL_CONNECTION = "smtp_default"
"""Airflow connection that mails are sent through, if there is one."""


def mail_server() -> SmtpServer | None:
    """The server of the Airflow connection `smtp_default`; None, which stands for `BAM_SMTP_URL`, where there is none."""
    from bam.delivery.channels.smtp_server import SmtpServer

    try:
        connection = Connection.get(MAIL_CONNECTION)
    except AirflowNotFoundException:
        return None
    return SmtpServer.from_connection(
        connection.host, connection.port, connection.login, connection.password, connection.extra_dejson
    )
