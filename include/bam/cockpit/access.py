"""Airflow's login as the pages need it: who is there, and whether they may act.

Airflow leaves the endpoints of plugins open to anybody. Its own dependencies close them, but their module is no public API, so
this is the only file that knows it.
"""

from __future__ import annotations

import hashlib
import hmac

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.configuration import conf
from fastapi import HTTPException

from bam.cockpit.visitor import Visitor


def visitor_of(user: GetUserDep) -> Visitor:
    """The person behind a request, by cookie or bearer token.

    Who may trigger DAG runs may act here, whatever the auth manager calls that role.

    Raises:
        HTTPException: 401 where nobody is logged in, 403 where they may not see DAGs.
    """
    manager = get_auth_manager()
    if not manager.is_authorized_dag(method="GET", user=user):
        raise HTTPException(403, "Your account may not see DAGs.")
    return Visitor(
        id=str(user.get_id()),
        name=str(user.get_name()),
        may_act=bool(manager.is_authorized_dag(method="POST", access_entity=DagAccessEntity.RUN, user=user)),
        dag_ids=lambda: frozenset(manager.get_authorized_dag_ids(user=user, method="GET")),
    )


def form_key() -> bytes:
    """The key that forms are sealed with: every API server of one Airflow has the same."""
    secret = conf.get_mandatory_value("api", "secret_key")
    return hmac.new(secret.encode(), b"bam.cockpit.forms", hashlib.sha256).digest()
