"""Files for a user: whole or not at all, through links and devices, with the mode and owner they had."""

from __future__ import annotations

import os
import secrets
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.files import append_line, descriptor_of, refuse_unwritable, write_file

AS_ROOT = os.geteuid() == 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def as_nobody(work: Callable[[], object]) -> object:
    """Do something as a user without rights, in a process of its own, and give what it said."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            said = repr(work())
        except BaseException as error:  # noqa: BLE001 - whatever it was, the parent is to see it
            said = repr(error)
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def test_a_new_file_has_the_mode_of_the_users_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_file(tmp_path / "a.csv", b"new")
    finally:
        os.umask(old)
    assert ((tmp_path / "a.csv").read_bytes(), mode(tmp_path / "a.csv")) == (b"new", 0o640)
    assert names(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("kept", [0o600, 0o644, 0o640, 0o666, 0o755, 0o4711])
def test_an_existing_file_keeps_its_mode(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old and longer")
    path.chmod(kept)
    write_file(path, b"new")
    assert (path.read_bytes(), mode(path), names(tmp_path)) == (b"new", kept, ["a.csv"])


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a file to somebody else: run as root")
def test_an_existing_file_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    os.chown(path, 65534, 12345)
    write_file(path, b"new")
    status = path.stat()
    assert (path.read_bytes(), status.st_uid, status.st_gid, mode(path)) == (b"new", 65534, 12345, 0o640)


def test_an_existing_file_keeps_its_extended_attributes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.origin", b"desk 4")
    except OSError:
        pytest.skip("this file system keeps no attributes")
    write_file(path, b"new")
    assert (path.read_bytes(), os.getxattr(path, "user.origin")) == (b"new", b"desk 4")


def test_what_a_link_points_at_is_written_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "march.csv"
    real.write_bytes(b"old")
    real.chmod(0o600)
    (tmp_path / "second.csv").symlink_to("real/march.csv")
    (tmp_path / "first.csv").symlink_to(tmp_path / "second.csv")
    write_file(tmp_path / "first.csv", b"new")
    assert (real.read_bytes(), mode(real)) == (b"new", 0o600)
    assert (tmp_path / "first.csv").is_symlink()
    assert (tmp_path / "second.csv").is_symlink()
    assert names(tmp_path / "real") == ["march.csv"]


def test_a_link_to_nothing_yet_makes_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "latest.csv").symlink_to("march.csv")
    write_file(tmp_path / "latest.csv", b"new")
    assert (tmp_path / "march.csv").read_bytes() == b"new"
    assert (tmp_path / "latest.csv").is_symlink()
    (tmp_path / "lost.csv").symlink_to("no/such/folder.csv")
    with pytest.raises(FileNotFoundError) as caught:
        write_file(tmp_path / "lost.csv", b"new")
    assert caught.value.filename == str(tmp_path / "lost.csv")


def test_links_in_a_ring_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links") as caught:
        write_file(tmp_path / "a", b"new")
    assert caught.value.filename == str(tmp_path / "a")


def test_all_names_of_a_file_see_the_new_content(tmp_path: Path) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_bytes(b"old and much longer than the new")
    other.hardlink_to(path)
    write_file(path, b"new")
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"new")
    assert path.stat().st_ino == other.stat().st_ino
    write_file(path, b"new and much longer than what there was before it came")
    assert other.read_bytes() == b"new and much longer than what there was before it came"


@pytest.mark.parametrize("other_name", [False, True], ids=["exchanged", "overwritten"])
def test_what_does_not_fit_leaves_the_old_content(tmp_path: Path, *, other_name: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    if other_name:
        (tmp_path / "b.csv").hardlink_to(path)
    before = names(tmp_path)
    script = (
        "import pathlib, resource, signal, sys; from ledger.files import write_file;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "write_file(pathlib.Path(sys.argv[1]), b'x' * 5000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert f"File too large: '{path}'" in done.stderr
    assert (path.read_bytes(), names(tmp_path)) == (b"old", before)


def test_a_named_pipe_takes_the_bytes_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"new" * 100_000)
    reader.join(30)
    assert read == [b"new" * 100_000]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_device_takes_the_bytes_and_stays_one() -> None:
    write_file(Path("/dev/null"), b"new")
    assert stat.S_ISCHR(Path("/dev/null").lstat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_a_full_device_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("/dev/full")
    for place in (Path("/dev/full"), tmp_path / "a.csv"):
        with pytest.raises(OSError, match="No space left on device") as caught:
            write_file(place, b"new")
        assert caught.value.filename == str(place)
    assert stat.S_ISCHR(Path("/dev/full").lstat().st_mode)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="/proc is Linux's")
@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "a link"])
def test_standard_output_goes_on_where_it_stands(tmp_path: Path, place: str) -> None:
    if place == "a link":
        place = str(tmp_path / "out.csv")
        Path(place).symlink_to("/dev/stdout")
    script = (
        "import pathlib, sys; from ledger.files import write_file; write_file(pathlib.Path(sys.argv[1]), b'new\\n')"
    )
    target = tmp_path / "redirected"
    with target.open("wb") as out:
        out.write(b"before\n")
        out.flush()
        subprocess.run([sys.executable, "-c", script, place], stdout=out, check=True, timeout=60)
        out.seek(0, os.SEEK_END)
        out.write(b"after\n")
    assert target.read_bytes() == b"before\nnew\nafter\n"


def test_a_descriptor_that_is_not_open_is_refused() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        write_file(Path("/dev/fd/987"), b"new")
    assert descriptor_of(Path("/dev/fd/987")) == 987
    assert descriptor_of(Path("/dev/null")) is None
    assert descriptor_of(Path("987")) is None


def test_a_folder_is_refused(tmp_path: Path) -> None:
    for refuse in (refuse_unwritable, lambda path: write_file(path, b"new")):
        with pytest.raises(IsADirectoryError) as caught:
            refuse(tmp_path)
        assert caught.value.filename == str(tmp_path)


def test_a_place_in_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    for refuse in (refuse_unwritable, lambda path: write_file(path, b"new")):
        with pytest.raises(FileNotFoundError):
            refuse(tmp_path / "no" / "such.csv")
        with pytest.raises(NotADirectoryError):
            refuse(tmp_path / "plain" / "such.csv")


@pytest.mark.parametrize("guess", [".a.csv.new", ".a.csv.tmp", "a.csv.tmp", "a.csv~"])
def test_a_planted_link_is_not_followed(tmp_path: Path, guess: str) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / guess).symlink_to(victim)
    write_file(tmp_path / "a.csv", b"new")
    assert (victim.read_bytes(), (tmp_path / guess).is_symlink()) == (b"precious", True)
    assert (tmp_path / "a.csv").read_bytes() == b"new"


def test_the_name_in_the_making_cannot_be_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    monkeypatch.setattr(secrets, "token_hex", lambda _: "guessed")
    (tmp_path / ".deals-guessed").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "a.csv", b"new")
    assert victim.read_bytes() == b"precious"


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user: run as root")
def test_somebody_without_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for above in tmp_path.parents:
        if "pytest-" in above.as_posix():  # the folders that pytest made, of which a worker of several has one more
            above.chmod(above.stat().st_mode | 0o055)
    writable, closed, hidden = tmp_path / "writable.csv", tmp_path / "closed.csv", tmp_path / "mine.csv"
    for path, kept in ((writable, 0o666), (closed, 0o644), (hidden, 0o600)):
        path.write_bytes(b"old")
        path.chmod(kept)
    # The folder takes no new file, but what may be written in it is.
    assert as_nobody(lambda: write_file(writable, b"new")) == "None"
    assert (writable.read_bytes(), mode(writable), writable.stat().st_uid) == (b"new", 0o666, 0)
    for place in (closed, hidden, tmp_path / "fresh.csv"):
        for refuse in (refuse_unwritable, lambda path: write_file(path, b"new")):
            said = as_nobody(lambda place=place, refuse=refuse: refuse(place))  # type: ignore[misc]  # bound now
            assert said == "PermissionError(13, 'Permission denied')", place
    assert (closed.read_bytes(), names(tmp_path)) == (b"old", ["closed.csv", "mine.csv", "writable.csv"])
    # In a folder for everybody a file of somebody else stays theirs.
    tmp_path.chmod(0o777)
    assert as_nobody(lambda: write_file(writable, b"newer")) == "None"
    assert (writable.read_bytes(), writable.stat().st_uid) == (b"newer", 0)
    tmp_path.chmod(0o1777)
    assert as_nobody(lambda: write_file(writable, b"newest")) == "None"
    assert (writable.read_bytes(), writable.stat().st_uid) == (b"newest", 0)


def test_a_line_that_was_cut_off_was_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lines"
    append_line(path, b"one\n")
    with path.open("ab") as file:
        file.write(b"tw")
    append_line(path, b"three\n")
    assert path.read_bytes() == b"one\nthree\n"
    written: list[int] = []
    write = os.write

    def full(handle: int, data: memoryview) -> int:
        if written:
            raise OSError(28, "No space left on device")
        written.append(write(handle, data[:3]))
        return 3

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        append_line(path, b"four\n")
    monkeypatch.undo()
    assert path.read_bytes() == b"one\nthree\n"
    path.write_bytes(b"x" * 200_000)
    append_line(path, b"five\n")
    assert path.read_bytes() == b"five\n"
