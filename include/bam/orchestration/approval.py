"""A person's word in Airflow: asked for under Required Actions, kept in our ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context

from bam.orchestration.answers import ASKED_KEY


class BriefApproval(ApprovalOperator):
    """Asks once for all issues of a run, and writes the answer into the ledger that `bam approve` writes, too.

    The answer is about what the approver had before them: if the issue's content has changed since, delivery refuses it.
    A run whose issues somebody has approved already goes on without asking, and one that waits ends when our pages or
    `bam approve` have the word.

    Args:
        issue_ids: ids of the issues, or what gives them at run time.
        title: what is asked about, for people.
        hours: silence for so long is a no.
    """

    template_fields = (*ApprovalOperator.template_fields, "issue_ids")

    def __init__(self, *, issue_ids: Any, title: str, hours: float, **arguments: Any) -> None:
        wait = timedelta(hours=hours)
        super().__init__(subject=f"May “{title}” be sent?", body="", defaults=self.REJECT, response_timeout=wait, **arguments)
        self.issue_ids = issue_ids

    def execute(self, context: Context) -> Any:
        """Note the request in the ledger and wait for the answer, unless there is one."""
        from bam.orchestration.steps import library
        from bam.pipeline.approve import ask

        with library() as run:
            requests = [ask(run, issue_id) for issue_id in self.issue_ids]
        context["ti"].xcom_push(ASKED_KEY, {request.issue_id: request.content_sha256 for request in requests})
        if all(request.state == "approved" for request in requests):
            self.log.info("Approved already: %s", "; ".join(request.sentence for request in requests))
            return None
        self.body = "\n\n".join(f"**{request.title}**\n\n{request.summary}\n\nPDF: `{request.pdf_path}`" for request in requests)
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Write down who decided what about which content; silence is left to the ledger's own clock.

        What the ledger has decided already stays in the words of those who did.
        """
        from bam.orchestration.steps import library
        from bam.pipeline.approve import answer, common_decision

        person = event.get("responded_by_user")
        if person and "error" not in event:
            decision = "approved" if event["chosen_options"] == [self.APPROVE] else "rejected"
            asked = context["ti"].xcom_pull(task_ids=self.task_id, key=ASKED_KEY)
            with library() as run:
                told = [] if common_decision(run, asked) == decision else asked.items()
                for issue_id, content_sha256 in told:
                    answer(
                        run,
                        issue_id,
                        decision,  # type: ignore[arg-type]
                        by=person["name"],
                        via="airflow",
                        content_sha256=content_sha256,
                        at=event["responded_at"],
                    )
        return super().execute_complete(context, event)
