"""Where an answer goes and in which form; the one place that knows what the suffix of a file's name promises."""

from __future__ import annotations

import errno
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from cli.errors import CannotWriteOutputError, UsageMistakeError

__all__ = ["CHARTS", "FORMATS", "ROWS", "TEXT", "Target", "file_of"]

ROWS = ("table", "json", "jsonl", "csv", "tsv", "md", "parquet")
"""The forms that an answer of rows and columns has."""
TEXT = ("table", "json", "jsonl")
"""The forms of an answer that is a text."""
CHARTS = ("svg", "png")
"""The forms that a verb which draws has besides; they are asked for by the suffix alone."""
FORMATS = ("auto", *ROWS)
"""What `--format` takes."""

# What a name that ends so may hold, what it is without --format first.
_PROMISED: dict[str, tuple[str, ...]] = {
    **{f".{form}": (form,) for form in (*ROWS[1:], *CHARTS)},
    ".ndjson": ("jsonl",),
    ".markdown": ("md",),
    ".txt": tuple(form for form in ROWS if form != "parquet"),
}
# Names that end so promise what nothing here is, whatever --format says.
_FOREIGN = frozenset(
    f".{suffix}"
    for suffix in (
        *(
            "xlsx",
            "xlsm",
            "xlsb",
            "xls",
            "ods",
            "numbers",
            "docx",
            "doc",
            "odt",
            "pptx",
            "ppt",
            "rtf",
            "pdf",
            "ps",
            "eps",
        ),
        *("html", "htm", "xhtml", "xml", "yaml", "yml", "toml", "ini", "tex", "rst", "sql", "py", "js", "css", "sh"),
        *(
            "jpg",
            "jpeg",
            "gif",
            "webp",
            "bmp",
            "tif",
            "tiff",
            "ico",
            "zip",
            "gz",
            "bz2",
            "xz",
            "zst",
            "7z",
            "tar",
            "tgz",
        ),
        *("arrow", "feather", "ipc", "orc", "avro", "pickle", "pkl", "npy", "npz", "h5", "sav", "dta", "rds", "rdata"),
        *("db", "sqlite", "sqlite3", "duckdb", "exe"),
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """The form an answer is given in, and the file it goes to (None: standard output)."""

    format: str
    path: Path | None

    @classmethod
    def of(cls, form: str, output: str | None, offered: tuple[str, ...] = ROWS) -> Target:
        """Settle form and place before anything is computed.

        `auto` is what the suffix promises; on standard output a table on a terminal, else tab-separated rows (or the text).
        Raises UsageMistakeError where the answer has no such form or suffix and `--format` contradict each other, and
        CannotWriteOutputError where the file cannot be written.
        """
        path = _place(output)
        if form != "auto" and form not in offered:
            raise UsageMistakeError(
                f"--format {form}: this answer has no rows and columns", advice=f"use --format {_either(TEXT)}"
            )
        settled = _piped(offered) if form == "auto" else form
        if path is not None:
            settled = _form_of(path, form, offered)
        if settled == "parquet" and path is None and sys.stdout.isatty():
            raise UsageMistakeError("--format parquet: not for a terminal", advice="name a file: --output rows.parquet")
        return cls(settled, path)


def file_of(output: str | None, *, what: str, suffix: str) -> Path | None:
    """Return the file for an answer that has one form only, such as a signed note; None is standard output.

    `suffix` is what such files are called. Raises UsageMistakeError where the name promises another form, and
    CannotWriteOutputError where the file cannot be written.
    """
    path = _place(output)
    ending = "" if path is None else path.suffix.lower()
    if ending in _FOREIGN or (ending in _PROMISED and ending != ".txt"):
        raise UsageMistakeError(
            f"--output {output}: {what} is not {_named(ending)}", advice=f"let the name end in {suffix}, or in nothing"
        )
    return path


def _place(output: str | None) -> Path | None:
    """Return the file that was named, which can be written as far as one can see."""
    from ledger.files import descriptor_of, refuse_unwritable

    if output is None or output == "-":
        return None
    path = Path(output)
    try:
        if output.endswith(("/", os.sep)):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if descriptor_of(path) == 1:
            return None
        refuse_unwritable(path)
    except OSError as error:
        raise CannotWriteOutputError(
            f"--output: {output}: {error.strerror}", advice="name a file in a folder that exists and is yours to write"
        ) from error
    return path


def _form_of(path: Path, form: str, offered: tuple[str, ...]) -> str:
    """Settle the form of what is written to a file by its suffix and `--format`. Raises UsageMistakeError."""
    ending = path.suffix.lower()
    promised = _PROMISED.get(ending, ())
    fitting = [each for each in promised if each in offered]
    if ending in _FOREIGN or (promised and not fitting):
        raise UsageMistakeError(
            f"--output {path}: this answer cannot be written as {_named(ending)}", advice=_endings(offered)
        )
    if form == "auto":
        if not fitting and not _is_special(path):
            said = f"{ending} does not say" if ending else "a name without a suffix does not say"
            raise UsageMistakeError(
                f"--output {path}: {said} in which form", advice=f"{_endings(offered)}; or add --format"
            )
        return fitting[0] if fitting else _piped(offered, terminal=False)
    if fitting and form not in fitting:
        raise UsageMistakeError(
            f"--format {form} and --output {path} contradict each other: {ending} is {_either(fitting)}",
            advice="leave one of them out, or let them agree",
        )
    return form


def _piped(offered: tuple[str, ...], *, terminal: bool | None = None) -> str:
    """Return what `auto` is on a stream: a table where somebody looks, else rows for programs where there are any."""
    watched = sys.stdout.isatty() if terminal is None else terminal
    return "table" if watched or "tsv" not in offered else "tsv"


def _is_special(path: Path) -> bool:
    """Say whether a path is a device, a pipe or a descriptor, which has no name to promise anything by."""
    from ledger.files import descriptor_of

    try:
        return descriptor_of(path) is not None or not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _named(ending: str) -> str:
    return ending.removeprefix(".")


def _endings(offered: tuple[str, ...]) -> str:
    endings = [ending for ending, forms in _PROMISED.items() if any(form in offered for form in forms)]
    return f"names may end in {', '.join(endings)}"


def _either(forms: tuple[str, ...] | list[str]) -> str:
    *others, last = forms
    return f"{', '.join(others)} or {last}" if others else last
