"""What WeasyPrint may open: files below our folder of assets, and data that is in the page itself."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse


class OwnAssets(URLFetcher):  # type: ignore[misc]
    """Refuses every other address, and with it the page: our templates ask for nothing else, so somebody's text did."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The content of the address.

        Raises:
            FatalURLFetchingError: it is neither data nor a file of ours.
        """
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or parts.netloc or not path.is_relative_to(self._folder):
            raise FatalURLFetchingError(f"a page may not load {url}")
        return URLFetcherResponse(url, path.read_bytes())
