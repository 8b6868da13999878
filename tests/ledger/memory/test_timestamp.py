"""A time stamp bounds a checkpoint by an hour that is not our word; `openssl ts` plays the authority here."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledger.memory.errors import TimestampRefusedError, TimestampUnavailableError
from ledger.memory.folder import audit_folder
from ledger.memory.signing import checkpoint_at, sign_head
from ledger.memory.timestamp import ask_over_http, stamped, verify_stamp
from ledger.reader import LedgerReader
from ledger.verify.bundle import verify_bundle
from ledger.verify.stamp import STAMP_NOT_CHECKED, check_stamp
from tests.ledger.audit_scenes import AT, export, tiny_ledger
from tests.services import needs_openssl

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[req]
distinguished_name = name
prompt = no
[name]
CN = Authority
"""


def _openssl(*arguments: str, folder: Path, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *arguments], cwd=folder, input=stdin, capture_output=True, check=True, timeout=60)
    return done.stdout


class Authority:
    """A time-stamping authority in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "config").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        key = ("-newkey", "rsa:2048", "-nodes", "-config", "config")
        _openssl("req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-days", "3650", "-extensions", "root",
                 "-subj", "/CN=Root", folder=folder)  # fmt: skip
        _openssl("req", *key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=Stamps", folder=folder)
        _openssl("x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "3650",
                 "-extfile", "config", "-extensions", "leaf", "-out", "leaf.pem", folder=folder)  # fmt: skip

    @property
    def roots(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def __call__(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        _openssl("ts", "-reply", "-config", "config", "-queryfile", "query", "-signer", "leaf.pem",
                 "-inkey", "leaf.key", "-out", "answer", folder=self.folder)  # fmt: skip
        return (self.folder / "answer").read_bytes()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    with tiny_ledger(tmp_path) as made:
        return made.path


@needs_openssl
def test_a_stamped_checkpoint_travels_with_the_bundle(ledger: Path, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")
    with LedgerReader(ledger) as reader:
        signed = stamped(sign_head(reader, at=AT), authority, authority.roots)
        audit_folder(ledger).remember(signed)
        assert checkpoint_at(reader, 11, at=AT) == signed
    at = verify_stamp(signed.stamp, signed.note, authority.roots)
    export(ledger, tmp_path / "bundle", key=None)
    report = verify_bundle(tmp_path / "bundle")
    assert report.verified
    assert STAMP_NOT_CHECKED in report.not_checked
    check_stamp(tmp_path / "bundle", authority.roots, report)
    assert (report.checks[-1].outcome, at.isoformat() in report.checks[-1].said) == ("ok", True)
    assert STAMP_NOT_CHECKED not in report.not_checked
    data = tmp_path / "bundle" / "data"
    said = _openssl("ts", "-verify", "-data", "checkpoint", "-in", "checkpoint.tsr", "-CAfile",
                    str(authority.folder / "root.pem"), folder=data)  # fmt: skip
    assert b"Verification: OK" in said or said == b""
    assert "openssl ts -verify" in (data / "VERIFY.md").read_text()


@needs_openssl
def test_a_stamp_of_something_else_or_by_someone_else_is_refused(ledger: Path, tmp_path: Path) -> None:
    authority, other = Authority(tmp_path / "authority"), Authority(tmp_path / "other")
    with LedgerReader(ledger) as reader:
        head, earlier = sign_head(reader, at=AT), checkpoint_at(reader, 8, at=AT)
    good = stamped(head, authority, authority.roots)
    with pytest.raises(TimestampRefusedError):
        verify_stamp(good.stamp, earlier.note, authority.roots)
    with pytest.raises(TimestampRefusedError):
        verify_stamp(good.stamp, head.note, other.roots)
    with pytest.raises(TimestampRefusedError):
        verify_stamp(b"no stamp", head.note, authority.roots)
    replayed: Callable[[bytes], bytes] = lambda _query: good.stamp  # noqa: E731 - an answer to another request
    with pytest.raises(TimestampRefusedError, match=r"[Nn]once"):
        stamped(head, replayed, authority.roots)
    for place in range(0, len(good.stamp), 97):
        spoiled = bytearray(good.stamp)
        spoiled[place] ^= 1
        try:
            assert verify_stamp(bytes(spoiled), head.note, authority.roots) == verify_stamp(
                good.stamp, head.note, authority.roots
            )
        except TimestampRefusedError:
            continue


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Authority]]:
    authority = Authority(tmp_path / "served")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            answer = authority(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", authority
    server.shutdown()
    server.server_close()
    thread.join()


@needs_openssl
def test_an_authority_is_asked_over_http(ledger: Path, served: tuple[str, Authority]) -> None:
    url, authority = served
    with LedgerReader(ledger) as reader:
        signed = stamped(sign_head(reader, at=AT), ask_over_http(url), authority.roots)
    assert verify_stamp(signed.stamp, signed.note, authority.roots).tzinfo is not None


def test_an_authority_that_does_not_answer_says_so() -> None:
    with pytest.raises(TimestampUnavailableError, match="not the address"):
        ask_over_http("file:///etc/passwd")
    with pytest.raises(TimestampUnavailableError, match="does not answer"):
        ask_over_http("http://127.0.0.1:9/")(b"")
