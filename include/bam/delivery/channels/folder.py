"""A folder or object store with every issue, and the latest of each brief and edition under a name that never changes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from bam.delivery.channels.base import Assignment, HandOver, Outcome, Result
from bam.delivery.channels.shelf import Entry, Shelf
from bam.delivery.issue import plain_name


@dataclass(frozen=True, slots=True)
class FolderChannel:
    """`latest/<brief>-<edition>.pdf` is the newest issue, `latest/<brief>-<edition>.json` says which one that is."""

    id: str
    shelf: Shelf
    is_repeatable: bool = True

    def deliver(self, assignment: Assignment, hand_over: HandOver) -> Outcome:
        hand_over()
        try:
            entry = self.shelf.add(assignment.parcel)
            self._point_to_latest(entry)
        except OSError as error:
            return Outcome(Result.RETRY, f"{self.shelf.place} can't be written: {error.strerror or error}", blocks_channel=True)
        return Outcome(Result.SENT, f"published as {self.shelf.place}/{entry.path}", sha256=entry.sha256)

    def close(self) -> None:
        """It holds nothing open."""

    def _point_to_latest(self, entry: Entry) -> None:
        """Copy the newest issue to its stable name. An older one (a backfill) leaves it as it is.

        It looks again after writing: of two processes that publish at the same time, the later look sees both issues.
        """
        name = f"latest/{plain_name(entry.series, entry.edition)}"
        while True:
            newest = self._newest(entry)
            self.shelf.write(f"{name}.pdf", self.shelf.read(newest.path))
            self.shelf.write(f"{name}.json", (json.dumps(asdict(newest), sort_keys=True) + "\n").encode())
            if self._newest(entry) == newest:
                return

    def _newest(self, like: Entry) -> Entry:
        same = [entry for entry in self.shelf.entries() if (entry.series, entry.edition) == (like.series, like.edition)]
        return max(same, key=lambda entry: entry.age)
