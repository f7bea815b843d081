"""The week as a report to hand on: PDF, slides, workbook, web page or Markdown."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, get_args

from insights.brief import Brief
from simak.taxonomy import Taxonomy

Format = Literal["pdf", "pptx", "xlsx", "html", "md"]
FORMATS: tuple[Format, ...] = get_args(Format)

MIME = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "md": "text/markdown",
}


def report(brief: Brief, taxonomy: Taxonomy, format: Format) -> bytes:
    """Return the week as a file, in the language that `i18n.use` has set.

    The same brief gives the same bytes, whenever it is written.
    """
    # Each format's library takes its time to load, and one report needs one of them.
    if format == "md":
        from dashboard.brief import page

        return page(brief, taxonomy).encode()
    from dashboard.report.content import content

    found = content(brief, taxonomy)
    if format == "pdf":
        from dashboard.report.pdf import pdf

        return pdf(found)
    if format == "pptx":
        from dashboard.report.slides import slides

        return slides(found)
    if format == "xlsx":
        from dashboard.report.workbook import workbook

        return workbook(found)
    from dashboard.report.web import web

    return web(found)


def file_name(brand: str, since: date, format: Format) -> str:
    """Return a name for the file, of letters that every file system knows.

    A brand whose name has none of them is left out of it.

    Example:
        >>> file_name("Kopi & Co", date(2026, 5, 18), "pdf")
        'simak-kopi-co-2026-05-18.pdf'
    """
    name = re.sub(r"[^a-z0-9]+", "-", brand.lower()).strip("-")
    return "-".join(filter(None, ("simak", name, since.isoformat()))) + f".{format}"
