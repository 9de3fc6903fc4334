"""Errors that a user sees: one line that says what happened, where, and what to do."""


class BamError(Exception):
    """A fault that the user can act on.

    Args:
        what: what happened, without a full stop at its end.
        where: the file, key, address or row that it happened at; empty where there is none.
        remedy: what to do about it; empty where nothing can be done.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(what, where, remedy)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        line = f"{head}. {self.remedy}" if self.remedy else head
        return " ".join(line.split())


class ConfigurationError(BamError):
    """A portfolio file or a setting can't be used: names file, key and remedy."""


class ConversionError(BamError):
    """A document's bytes can't be turned into text; it is quarantined with this reason."""


class StoreError(BamError):
    """The database can't be opened, is locked, or has a schema that this version doesn't know."""


class FetchError(BamError):
    """A source or an address can't be read now."""


class GateClosedError(BamError):
    """A critical check failed: tables and briefs stay as they were, nothing is sent."""
