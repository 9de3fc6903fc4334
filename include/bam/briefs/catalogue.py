"""Every fixed message of the briefs, and the upkeep of the catalogues: `python -m bam.briefs.catalogue` after a message changed.

Messages stand in the code (`say`, `say_many`, `N_`), in the templates (`_`, `ngettext`) and in the checks whose failure a brief
prints. The command adds new messages to each catalogue, empty, and drops those that are gone; the translations stay.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bam.briefs.language import CATALOGUES
from bam.quality.report import Severity
from bam.quality.suites import CHECKS
from bam.settings import read_settings

TRANSLATED = ("ru",)
"""Languages with a catalogue; English is in the code."""

_KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("say", "N_", "_", "gettext")),
    **dict.fromkeys(("say_many", "NN_", "ngettext"), (1, 2)),
}
_TEMPLATES = [("**.html", "jinja2.ext.babel_extract"), ("**.css", "jinja2.ext.babel_extract")]

_HEADER = """\
# Words of the briefs. The English messages stand in the code; see bam/briefs/catalogue.py.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Message = str | tuple[str, str]


def messages(templates: Path) -> Iterator[Message]:
    """All messages, those with a plural as pairs; a message that is used twice comes twice."""
    folders = ((Path(__file__).parent, [("**.py", "python")]), (templates, _TEMPLATES))
    for folder, methods in folders:
        options = {pattern: {"newstyle_gettext": "true", "trimmed": "true"} for pattern, _ in methods}
        for found in extract_from_dir(folder, method_map=methods, options_map=options, keywords=_KEYWORDS):
            message = found[2]
            yield (message[0], message[1]) if isinstance(message, (tuple, list)) else message
    for _, check in CHECKS.values():
        if check.severity is not Severity.INFO:
            yield check.protects


def main() -> None:
    """Bring the catalogues up to date."""
    template = Catalog(charset="utf-8", header_comment="# Words of the briefs.")
    for message in messages(read_settings().templates):
        template.add(message)
    for language in TRANSLATED:
        path = CATALOGUES / f"{language}.po"
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_bytes(to_po(catalogue))


def to_po(catalogue: Catalog) -> bytes:
    """The catalogue as a file: sorted, without dates and names, so that only messages make a difference."""
    out = io.BytesIO()
    write_po(out, catalogue, no_location=True, sort_output=True, omit_header=True, width=130)
    return _HEADER.format(language=catalogue.locale, plural_forms=catalogue.plural_forms).encode() + out.getvalue()


if __name__ == "__main__":
    main()
