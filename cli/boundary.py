"""The one error boundary: whatever goes wrong becomes a sentence on stderr and an exit code."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import click

from cli.done import done
from cli.errors import OutputLostError, PipeClosedError
from cli.printing.colour import dim, red
from cli.streams import begun, silence
from ledger.interrupts import ignoring_interrupts

__all__ = ["FAULT", "INTERRUPTED", "PIPE_CLOSED", "last_word", "report"]

USAGE = 2
NOT_FOUND = 3
CANNOT_WRITE = 73
BUSY = 75
FAULT = 70
INTERRUPTED = 130
PIPE_CLOSED = 141  # 128 + SIGPIPE, what a shell reports of a program that wrote to a closed pipe
_OUT_OF_OUR_HANDS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


_TOO_MUCH_IN_USE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_NO_MEMORY = "OutOfMemoryException"  # DuckDB's, which is not loaded here
# What DuckDB says of an interrupt that comes while it works.
_OF_DUCKDB = (RuntimeError, "Query interrupted")


def last_word(error: BaseException, *, colour: bool | None) -> int:
    """Do as `report` does for the error that ends a command; no interrupt comes in between."""
    with ignoring_interrupts():
        return report(error, colour=colour)


def report(error: BaseException, *, colour: bool | None) -> int:
    """Tell the user on stderr what went wrong, what was done before it and what to do next; return the exit code.

    0 fine · 1 asked, and the answer is no · 2 usage · 3 not found · 4 verification failed · 65 bad data ·
    70 a fault of the software · 73 cannot write · 75 busy · 130 interrupted · 141 the reader went away.
    """
    from events.errors import DealsError

    if isinstance(error, click.Abort) and isinstance(error.__cause__, EOFError):
        error = error.__cause__  # click takes the end of any file for an interrupt
    if isinstance(error, OutputLostError | PipeClosedError):
        silence()
    if isinstance(error, DealsError):
        _tell(error.message, error.advice, colour=colour)
        return error.exit_code
    if isinstance(error, click.UsageError):
        return _usage(error, colour=colour)
    if isinstance(error, PipeClosedError):
        _tell_done(colour=colour)
        return PIPE_CLOSED
    if _is_interrupt(error):
        # What is left of the answer goes nowhere; Python would write a part of it once more as it ends.
        silence()
        part = ", but the answer was not printed to its end" if begun() else ""
        _tell(f"interrupted; nothing was left half done{part}", "", colour=colour)
        return INTERRUPTED
    if isinstance(error, MemoryError) or type(error).__name__ == _NO_MEMORY:
        _tell(
            "there is not enough memory",
            "ask for less at once, or try again when other programs have ended",
            colour=colour,
        )
        return BUSY
    return _of_the_system(error, colour=colour) if isinstance(error, OSError) else _fault(error, colour=colour)


def _is_interrupt(error: BaseException) -> bool:
    return isinstance(error, click.Abort | KeyboardInterrupt) or (type(error), str(error)) == _OF_DUCKDB


def _tell(message: str, advice: str, *, colour: bool | None) -> None:
    click.echo(f"{red('error:')} {message}", err=True, color=colour)
    _tell_done(colour=colour)
    for line in advice.splitlines():
        click.echo(f"{dim('  next:')} {line}", err=True, color=colour)


def _tell_done(*, colour: bool | None) -> None:
    """Say what was done for good before the error: it was not taken back."""
    for said in done():
        click.echo(f"{dim('  done:')} {said}", err=True, color=colour)


def _usage(error: click.UsageError, *, colour: bool | None) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True, color=colour)
        return USAGE
    where = f"{error.ctx.command_path}: " if error.ctx is not None else ""
    said = error.format_message()
    advice = f"see `{error.ctx.command_path} --help`" if error.ctx is not None else "see `deals --help`"
    _tell(f"{where}{said[:1].lower()}{said[1:]}", advice, colour=colour)
    return USAGE


def _of_the_system(error: OSError, *, colour: bool | None) -> int:
    """Answer for a file or a full disk; where the system names neither, the fault is the software's."""
    if error.errno in _TOO_MUCH_IN_USE:
        _tell(f"the system refuses: {error.strerror}", "try again when other programs have ended", colour=colour)
        return BUSY
    if error.filename is None and error.errno == errno.ENOENT and not _has_a_folder():
        _tell(
            "the folder that this was started in is not there any more",
            "go to another folder, and try again",
            colour=colour,
        )
        return NOT_FOUND
    if error.filename is None and error.errno in _OUT_OF_OUR_HANDS:
        _tell(f"the system refuses: {error.strerror}", "make room on the disk and try again", colour=colour)
        return CANNOT_WRITE
    if error.filename is None:
        return _fault(error, colour=colour)
    missing = isinstance(error, FileNotFoundError)
    advice = "check the name" if missing else "check that the place exists, has room and is yours to use"
    _tell(f"{error.filename}: {error.strerror}", advice, colour=colour)
    return NOT_FOUND if missing else CANNOT_WRITE


def _has_a_folder() -> bool:
    try:
        return bool(Path.cwd())
    except OSError:
        return False


def _fault(error: BaseException, *, colour: bool | None) -> int:
    said = " ".join(str(error).split())
    _tell(
        f"this is a fault of the software, not of your input: {type(error).__name__}" + (f": {said}" if said else ""),
        "set DEALS_DEBUG=1 and repeat the command to see where it happened",
        colour=colour,
    )
    if os.environ.get("DEALS_DEBUG"):
        import traceback

        traceback.print_exception(error)
    return FAULT
