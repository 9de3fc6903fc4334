"""Rules of review and of what is kept of the checks: the key `quality` of `portfolio.yml`."""

from __future__ import annotations

from pydantic import Field

from bam.portfolio.yaml_files import Strict


class QualityRules(Strict):
    """`two_person_review`: a decision counts once a second person has confirmed it. `kept_runs`: Data Docs are kept for that
    many runs; their results stay in the store.
    """

    two_person_review: bool = False
    kept_runs: int = Field(default=30, ge=1)
