"""Outside programs that some tests compare with: skipped where one is absent, except in continuous integration."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import pytest

P = ParamSpec("P")
R = TypeVar("R")

GO_SOURCES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/note")
"""Where Debian puts the Go packages that the outsider's program imports."""


def _absent(what: str, debian_package: str) -> NoReturn:
    message = f"{what} is not installed: apt-get install {debian_package}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def require(
    program: str, debian_package: str, *, marker: str, sources: Path | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that marks a test and runs it only where the program and its sources are installed.

    Where they are not, the test is skipped by a message that names the Debian package; where the environment variable
    CI is set it fails instead, so that no comparison is ever left out unseen.
    """

    def decorate(test: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(test)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if shutil.which(program) is None:
                _absent(program, debian_package)
            if sources is not None and not sources.exists():
                _absent(str(sources), debian_package)
            return test(*args, **kwargs)

        marked: Callable[P, R] = getattr(pytest.mark, marker)(guarded)
        return marked

    return decorate


needs_hledger = require("hledger", "hledger", marker="needs_hledger")
needs_openssl = require("openssl", "openssl", marker="needs_openssl")
needs_ssh = require("ssh-keygen", "openssh-client", marker="needs_ssh")
needs_go = require("go", "golang-go golang-golang-x-mod-dev", marker="needs_go", sources=GO_SOURCES)
