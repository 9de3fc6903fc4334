"""What happens to a running Airflow when its scheduler dies, and when it is stopped."""

from __future__ import annotations

import pytest
from tests.integration.airflow_monitor import Monitor, assert_one_mail_each, wait_until

from bam.orchestration.launcher import running_airflow
from bam.orchestration.processes import session_members

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow"), pytest.mark.timeout(480)]


def test_a_scheduler_killed_between_render_and_delivery_comes_back_and_sends_one_mail_each(monitor: Monitor) -> None:
    run = ("brief_flash", monitor.client.trigger("brief_flash", {"period": "2015-10"}))
    wait_until(lambda: monitor.client.run(*run).state_of("render") == "success", 90)
    assert not monitor.mails("2015-10")
    assert len(session_members([monitor.sessions()["scheduler"]])) > 1
    killed = monitor.kill_scheduler()
    wait_until(lambda: "The scheduler died; starting it again" in monitor.output.read_text(), 20)
    wait_until(lambda: monitor.sessions().get("scheduler") not in (None, killed), 60)
    assert session_members([killed]) == []
    wait_until(lambda: monitor.client.run(*run).is_finished, 240)
    assert monitor.client.run(*run).state == "success"
    assert_one_mail_each(monitor, "2015-10")


def test_stopping_leaves_no_process_behind(monitor: Monitor) -> None:
    sessions = list(monitor.sessions().values())
    assert len(sessions) == 4
    assert len(session_members(sessions)) > 4
    assert monitor.stop() == 0
    assert session_members(sessions) == []
    assert running_airflow(monitor.settings) is None
