"""The guide's way by a file: upload, brand, columns, import."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import uploads
from dashboard.i18n import N_, _
from dashboard.jobs import CommandFailed, Step, ask
from dashboard.parts import tables, words, working

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from dashboard.parts.shell import View

TYPES = ("csv", "tsv", "txt", "xlsx", "json", "jsonl", "gz")

_IMPORT = N_("Importing the file")
_VALUES, _VALUE_CHARS = 3, 90
_NONE = ""

_CSS = """
<style>
.stApp h2.sm-step { padding: 0; margin: .8rem 0 -.5rem; font-size: 1.1rem; }
.sm-step small { color: var(--quiet); font-weight: 400; }
</style>
"""

FIELDS = {
    "text": N_("Text"),
    "title": N_("Title"),
    "stars": N_("Stars"),
    "time": N_("Time"),
    "id": N_("Id"),
    "author": N_("Author"),
    "channel": N_("Channel"),
    "brand": N_("Brand"),
    "url": N_("Link"),
    "reply": N_("Reply"),
    "reply_time": N_("Time of the reply"),
    "edit_time": N_("Time of the edit"),
    "language": N_("Language"),
    "product": N_("Product"),
    "version": N_("Version"),
    "parent_id": N_("Id of what it answers"),
}
_OFFERED = ("text", "stars", "time", "author", "channel", "id", "brand")
"""What a reader may say another column for; text first, which must be there."""

_NOTES = (
    N_("times without a zone are taken as UTC"),
    N_("no column holds times: every mention will be undated"),
    N_("no column holds ids: they are made from the content of each row"),
)


def draw(view: View, *, job: str) -> None:
    """Draw the steps; the last begins a job of the kind `job`."""
    st.html(_CSS)
    with st.container():
        file, chosen, preview = _file(view)
    brand = _brand()
    if file is None or preview is None:
        return
    _head(3, _("Check how it is read"), done=False)
    _columns(preview, file)
    named = bool(brand or preview["brand_column"])
    _head(4, _("Import and tag"), done=False)
    if not named:
        words.note(_("Step 2 is still to do: the name of the brand."))
    st.button(
        _("Import and tag"),
        type="primary",
        disabled=not named,
        key="guide_import",
        on_click=_begin,
        args=(view, job, file, brand, chosen),
    )


def _file(view: View) -> tuple[UploadedFile | None, dict[str, str], dict[str, Any] | None]:
    """Draw the first step; return the file, the columns chosen for it, and how it is read."""
    head = st.container()
    limit = int(st.get_option("server.maxUploadSize"))
    file = st.file_uploader(
        _("A file of reviews, posts or tickets"),
        type=list(TYPES),
        key="guide_upload",
        help=_("One row for each review; a column with the text is enough."),
    )
    chosen: dict[str, str] = {}
    preview = None
    if file is not None:
        chosen = _chosen(file)
        try:
            with st.spinner(_("The file is looked at …")):
                preview = _preview(view, file, chosen)
        except CommandFailed as error:
            _refused(error)
    with head:
        _head(1, _("Choose a file"), done=preview is not None)
    words.note(
        _(
            "CSV, TSV, XLSX, JSON or JSONL, also gzipped, up to {limit} MB. It is read on this "
            "machine and removed after the import. Larger files: {command}",
            limit=limit,
            command="simak import FILE --brand NAME",
        )
    )
    return file, chosen, preview


def _brand() -> str:
    slot = st.container()
    brand = str(
        st.text_input(
            _("Whose reviews are these?"),
            key="guide_brand",
            placeholder="Senandika",
            max_chars=80,
        )
    ).strip()
    with slot:
        _head(2, _("Name the brand"), done=bool(brand))
    return brand


def _head(number: int, title: str, *, done: bool) -> None:
    said = _("done")
    mark = f" ✓ <small>{escape(said)}</small>" if done else ""
    st.html(f'<h2 class="sm-step">{number} · {escape(title)}{mark}</h2>')


def _chosen(file: UploadedFile) -> dict[str, str]:
    """Return the columns that the reader chose themselves, field to column."""
    kept = {name: st.session_state.get(_column_key(file, name)) for name in _OFFERED}
    return {name: column for name, column in kept.items() if column is not None}


def _column_key(file: UploadedFile, name: str) -> str:
    return f"guide_column_{file.file_id}_{name}"


def _options(chosen: Mapping[str, str]) -> list[str]:
    """Return the options of `simak import` that say which columns are which."""
    mapping = ",".join(f"{name}={column}" for name, column in chosen.items() if name != "brand")
    return [
        *([f"--map={mapping}"] if mapping else []),
        *([f"--brand-column={chosen['brand']}"] if chosen.get("brand") else []),
    ]


def _preview(view: View, file: UploadedFile, chosen: Mapping[str, str]) -> dict[str, Any]:
    key = (file.file_id, tuple(chosen.items()))
    kept: dict[Any, Any] = st.session_state.setdefault("guide_previews", {})
    if key not in kept:
        with uploads.kept(file.name, file.getvalue()) as path:
            try:
                found = ask(view.settings, ["import", str(path), "--dry-run", *_options(chosen)])
            except CommandFailed as error:
                found = CommandFailed(str(error).replace(f"{path.parent}/", ""))
        kept.clear()  # of the file before
        kept[key] = found
    if isinstance(kept[key], CommandFailed):
        raise kept[key]
    result: dict[str, Any] = kept[key]
    return result


def _refused(error: CommandFailed) -> None:
    words.alert(_("This file cannot be imported as it is."))
    st.html(f'<div class="sm-empty" role="alert"><p dir="auto">{escape(str(error))}</p></div>')
    words.note(
        _(
            "A table with one row for each review and a column of texts always works: save it as "
            "CSV or XLSX with the columns text, stars and date, and choose it above."
        )
    )


def _columns(preview: Mapping[str, Any], file: UploadedFile) -> None:
    mapping: dict[str, str] = dict(preview["mapping"])
    if preview["brand_column"]:
        mapping["brand"] = preview["brand_column"]
    rows: list[dict[str, str]] = preview["rows"]
    tables.table(
        [_("What it is"), _("Column in your file"), _("First values, as they are read")],
        [
            (
                [
                    f"<b>{escape(_(FIELDS.get(name, name)))}</b>",
                    escape(column),
                    _first_values(name, rows),
                ],
                False,
            )
            for name, column in mapping.items()
        ],
        text=3,
    )
    for title, names in (
        (_("Kept with each mention: {columns}."), preview["attributes"]),
        (_("Left out: {columns}."), preview["left_out"]),
    ):
        if names:
            words.note(title.format(columns=", ".join(names)))
    for note in preview["notes"]:
        words.alert(f"{_(note)}.")
    _correction(mapping, [*preview["attributes"], *preview["left_out"]], file)


def _first_values(name: str, rows: list[dict[str, str]]) -> str:
    values = [" ".join(row[name].split()) for row in rows if row.get(name)]
    return "<br>".join(
        escape(value[:_VALUE_CHARS] + ("…" if len(value) > _VALUE_CHARS else ""))
        for value in values[:_VALUES]
    )


def _correction(mapping: Mapping[str, str], others: list[str], file: UploadedFile) -> None:
    columns = list(dict.fromkeys([*mapping.values(), *others]))
    with st.expander(_("Something is read wrongly: choose the columns")):
        places = st.columns(2)
        for number, name in enumerate(_OFFERED):
            now = mapping.get(name, _NONE)
            options = columns if name == "text" else [_NONE, *columns]
            key = _column_key(file, name)
            places[number % 2].selectbox(
                _(FIELDS[name]),
                options,
                index=options.index(now) if now in options else 0,
                key=f"{key}_shown",
                format_func=lambda column: column or _("no column"),
                on_change=_choose,
                args=(key,),
            )


def _choose(key: str) -> None:
    st.session_state[key] = st.session_state[f"{key}_shown"]


def _begin(view: View, job: str, file: UploadedFile, brand: str, chosen: Mapping[str, str]) -> None:
    path, folder = uploads.keep(file.name, file.getvalue())
    arguments = ["import", str(path), *_options(chosen)]
    if brand:
        arguments.append(f"--brand={brand}")
    steps = [Step(tuple(arguments), _IMPORT), working.TAG]
    if not working.begin(view, job, steps, clean=folder.cleanup):
        folder.cleanup()
