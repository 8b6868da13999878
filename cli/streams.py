"""The three standard streams, so that one that is full, closed or gone is told by its name and never passed over."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from cli.errors import InputLostError, OutputLostError, PipeClosedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import ReadableBuffer, WriteableBuffer

__all__ = ["begun", "silence", "take_streams"]

# A descriptor that is closed would be given to the next file that is opened, and what is printed would end up there. So
# each gets a stand-in that cannot be used the way it is meant to be; what is said on standard error may go nowhere.
_STAND_INS = ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY))


def take_streams() -> None:
    """Put the process's standard streams behind ones whose failures have names.

    Reading raises InputLostError, writing an answer OutputLostError or PipeClosedError. What cannot be written to standard
    error is dropped: the exit code still tells. A character that a terminal cannot show becomes its code.
    """
    if isinstance(getattr(getattr(sys.stdout, "buffer", None), "raw", None), _Output):
        return  # taken already: several command lines may run in one process
    for descriptor, flags in _STAND_INS:
        try:
            os.fstat(descriptor)
        except OSError:
            _occupy(descriptor, flags)
    sys.stdin = _text(_Input(_raw(sys.stdin, 0)), sys.stdin, errors="strict")
    sys.stdout = _text(_Output(_raw(sys.stdout, 1)), sys.stdout, errors="backslashreplace")
    sys.stderr = _text(_Remarks(_raw(sys.stderr, 2)), sys.stderr, errors="backslashreplace")


def begun() -> bool:
    """Say whether a part of an answer was written."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return isinstance(raw, _Output) and raw.begun


def silence() -> None:
    """Send what is left in the buffers nowhere, so that Python does not complain of the lost stream at exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        _occupy(sys.stdout.fileno(), os.O_WRONLY)


def _occupy(descriptor: int, flags: int) -> None:
    opened = os.open(os.devnull, flags)
    if opened != descriptor:
        os.dup2(opened, descriptor)
        os.close(opened)


def _raw(stream: TextIO | None, descriptor: int) -> BinaryIO:
    """Return the unbuffered stream below a text stream, or one on its descriptor where Python made none."""
    if stream is None:
        return io.FileIO(descriptor, "rb" if descriptor == 0 else "wb", closefd=False)
    buffer = stream.buffer
    raw: BinaryIO = getattr(buffer, "raw", buffer)
    return raw


def _text(raw: _Stream, stream: TextIO | None, *, errors: str) -> io.TextIOWrapper:
    buffer = io.BufferedReader(raw) if raw.readable() else io.BufferedWriter(raw)
    encoding = "utf-8" if stream is None else stream.encoding
    line_buffering = not raw.readable() and (raw.isatty() or isinstance(raw, _Remarks))
    return io.TextIOWrapper(buffer, encoding=encoding, errors=errors, line_buffering=line_buffering)


class _Stream(io.RawIOBase):
    """A standard stream that leaves its descriptor open."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Say whether somebody watches."""
        return self._raw.isatty()


class _Input(_Stream):
    def readable(self) -> bool:
        """Say that it is read from."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """Read. Raises InputLostError."""
        try:
            return _readinto(self._raw)(buffer)
        except OSError as error:
            raise InputLostError(
                f"standard input {_trouble(error)}", advice="name a file, or pass the input on with < or a pipe"
            ) from error


def _readinto(raw: Any) -> Callable[[WriteableBuffer], int | None]:  # noqa: ANN401 - typing knows no raw binary stream
    method: Callable[[WriteableBuffer], int | None] = raw.readinto
    return method


class _Output(_Stream):
    begun = False

    def writable(self) -> bool:
        """Say that it is written to."""
        return True

    def write(self, data: ReadableBuffer, /) -> int | None:
        """Write. Raises PipeClosedError where the reader went away, else OutputLostError."""
        self.begun = True
        try:
            return self._raw.write(data)
        except BrokenPipeError as error:
            raise PipeClosedError from error
        except OSError as error:
            raise OutputLostError(
                f"standard output {_trouble(error)}", advice="send it to a place that has room and is open"
            ) from error


class _Remarks(_Stream):
    def writable(self) -> bool:
        """Say that it is written to."""
        return True

    def write(self, data: ReadableBuffer, /) -> int | None:
        """Write what can be written; the rest is nobody's loss but the reader's."""
        with contextlib.suppress(OSError):
            return self._raw.write(data)
        return memoryview(data).nbytes


def _trouble(error: OSError) -> str:
    return "is closed" if error.errno == errno.EBADF else f"cannot be used: {error.strerror}"
