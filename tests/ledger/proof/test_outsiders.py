"""Strangers check our checkpoints with Go, OpenSSH and OpenSSL, and notice what was altered."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ledger.proof.checkpoint import Checkpoint, Receipt, sign_checkpoint
from ledger.proof.errors import BadSignatureError
from ledger.proof.keys import SigningKey, generate_key
from ledger.proof.merkle import Frontier, inclusion_proof, leaf_hashes
from ledger.proof.notes import cosign, detach
from ledger.proof.sshsig import NAMESPACE, allowed_signer, public_key_line, ssh_sign, verify_ssh_signature
from tests.ledger.naive_tree import in_memory
from tests.services import GO_SOURCES, needs_go, needs_openssl, needs_ssh

ORIGIN = "ledger.example/deals"
PROGRAM = Path(__file__).parents[3] / "docs" / "outsider" / "verify.go"


@dataclass(frozen=True)
class Published:
    """What an outsider is given, as files in one directory."""

    directory: Path
    key: SigningKey
    records: list[bytes]

    def write(self, name: str, content: bytes | str) -> str:
        """Write one file and return its path."""
        path = self.directory / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def checkpoint_at(self, size: int) -> bytes:
        """Return the signed checkpoint of the first `size` records."""
        frontier = Frontier()
        frontier.extend(leaf_hashes(self.records[:size]))
        return sign_checkpoint(Checkpoint(ORIGIN, size, frontier.root()), self.key)

    def receipt(self, index: int) -> bytes:
        """Return the receipt for one record in the whole log."""
        size = len(self.records)
        proof = inclusion_proof(index, size, in_memory(leaf_hashes(self.records)))
        return Receipt(index, tuple(proof), self.checkpoint_at(size), b"context").to_bytes()


@pytest.fixture
def published(tmp_path: Path) -> Published:
    chance = random.Random(6962)
    records = [f'{{"amount":"{chance.getrandbits(200)}","party":"Müller"}}'.encode() for _ in range(1_237)]
    return Published(tmp_path, generate_key(tmp_path / "key.pem", ORIGIN), records)


def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str]:
    done = subprocess.run(arguments, input=stdin, capture_output=True, check=False, timeout=120)
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture(scope="session")
def go_verify(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Build the outsider's program once; where Go is absent the guard on each test says so."""
    program = tmp_path_factory.mktemp("outsider") / "verify"
    if shutil.which("go") and GO_SOURCES.exists():
        places = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}
        subprocess.run(["go", "build", "-o", program, PROGRAM], env=os.environ | places, check=True, timeout=300)
    return str(program)


@needs_go
def test_go_recomputes_the_root_of_every_record(published: Published, go_verify: str) -> None:
    events = published.write("events.jsonl", b"".join(record + b"\n" for record in published.records))
    checkpoint = published.write("checkpoint", published.checkpoint_at(1_237))
    older = published.write("older", published.checkpoint_at(513))
    arguments = (go_verify, "-vkey", published.key.verifier.vkey, "-checkpoint", checkpoint, "-events", events)
    whole = f"verified: these are the 1237 records of {ORIGIN}, complete, in order and unaltered\n"
    assert run(*arguments) == (0, f"{whole}not checked: whether an earlier checkpoint said otherwise (-older)\n")
    assert run(*arguments, "-older", older) == (
        0,
        f"{whole}verified: it extends the earlier checkpoint of 513 records\n",
    )


@needs_go
def test_go_notices_every_kind_of_alteration(published: Published, go_verify: str, tmp_path: Path) -> None:
    records = published.records
    altered = {
        "changed": [*records[:700], records[700].replace(b"M", b"m"), *records[701:]],
        "deleted": [*records[:700], *records[701:]],
        "inserted": [*records[:700], b"{}", *records[700:]],
        "swapped": [*records[:700], records[701], records[700], *records[702:]],
        "duplicated": [*records[:700], records[700], *records[700:]],
        "truncated": records[:-1],
        "blank line": [*records[:700], b"", *records[701:]],
    }
    checkpoint = published.write("checkpoint", published.checkpoint_at(1_237))
    stranger = generate_key(tmp_path / "stranger.pem", ORIGIN).verifier.vkey
    right = published.write("right.jsonl", b"".join(record + b"\n" for record in records))
    vkey = published.key.verifier.vkey
    for name, lines in altered.items():
        events = published.write(f"{name}.jsonl", b"".join(line + b"\n" for line in lines))
        code, said = run(go_verify, "-vkey", vkey, "-checkpoint", checkpoint, "-events", events)
        assert (code, said.startswith("NOT VERIFIED")) == (1, True), name
    code, said = run(go_verify, "-vkey", stranger, "-checkpoint", checkpoint, "-events", right)
    assert (code, "no verifiable signatures" in said) == (1, True)
    rewritten = Published(tmp_path, published.key, altered["changed"])
    older = published.write("older", rewritten.checkpoint_at(701))
    code, said = run(go_verify, "-vkey", vkey, "-checkpoint", checkpoint, "-events", right, "-older", older)
    assert (code, "the first 701 records have the root" in said) == (1, True)


@needs_go
def test_go_reads_our_receipts_and_cosignatures(published: Published, go_verify: str, tmp_path: Path) -> None:
    vkey = published.key.verifier.vkey
    for index in (0, 1, 255, 256, 1_024, 1_236):
        receipt = published.write("receipt", published.receipt(index))
        record = published.write("record", published.records[index])
        said = f"verified: this is record {index} of the 1237 of {ORIGIN}\nnot checked: the other records\n"
        assert run(go_verify, "-vkey", vkey, "-receipt", receipt, "-record", record) == (0, said)
        other = published.write("other", published.records[index - 1])
        assert run(go_verify, "-vkey", vkey, "-receipt", receipt, "-record", other)[0] == 1
    witness = generate_key(tmp_path / "witness.pem", "witness.example")
    checkpoint = published.write("checkpoint", cosign(published.checkpoint_at(1), witness))
    events = published.write("events.jsonl", published.records[0] + b"\n")
    assert run(go_verify, "-vkey", vkey, "-checkpoint", checkpoint, "-events", events)[0] == 0


@needs_ssh
def test_ssh_keygen_verifies_the_checkpoint(published: Published) -> None:
    checkpoint = published.checkpoint_at(5)
    signers = published.write("allowed_signers", allowed_signer(published.key.verifier) + "\n")
    signature = published.write("checkpoint.sig", ssh_sign(checkpoint, published.key))
    verify = ("ssh-keygen", "-Y", "verify", "-f", signers, "-I", ORIGIN, "-s", signature, "-n")
    code, said = run(*verify, NAMESPACE, stdin=checkpoint)
    assert (code, said.startswith(f'Good "{NAMESPACE}" signature for {ORIGIN}')) == (0, True)
    assert run(*verify, NAMESPACE, stdin=checkpoint.replace(b"5", b"6", 1))[0] != 0
    assert run(*verify, "file", stdin=checkpoint)[0] != 0


@needs_ssh
def test_ssh_keygen_would_have_written_the_same_files(published: Published) -> None:
    private = published.key.private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    key_file = Path(published.write("ssh_key", private))
    key_file.chmod(0o600)
    checkpoint = published.checkpoint_at(5)
    code, signature = run("ssh-keygen", "-q", "-Y", "sign", "-f", str(key_file), "-n", NAMESPACE, stdin=checkpoint)
    assert (code, signature) == (0, ssh_sign(checkpoint, published.key))
    verify_ssh_signature(checkpoint, signature, published.key.verifier)
    assert (
        run("ssh-keygen", "-y", "-f", str(key_file))[1].split()[:2]
        == public_key_line(published.key.verifier).split()[:2]
    )


@needs_openssl
def test_openssl_verifies_the_bare_signature(published: Published) -> None:
    text, signature = detach(published.checkpoint_at(5), published.key.verifier)
    public = published.write("public.pem", published.key.verifier.public_pem)
    signature_file = published.write("checkpoint.raw", signature)
    verify = ("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-sigfile", signature_file, "-in")
    assert run(*verify, published.write("text", text)) == (0, "Signature Verified Successfully\n")
    assert run(*verify, published.write("altered", text.replace(b"5", b"6", 1)))[0] == 1


@needs_openssl
def test_openssl_reads_the_private_key(published: Published) -> None:
    shown = run("openssl", "pkey", "-in", str(published.directory / "key.pem"), "-pubout")
    assert shown == (0, published.key.verifier.public_pem)


def test_any_flipped_bit_in_an_ssh_signature_is_noticed(published: Published) -> None:
    checkpoint = published.checkpoint_at(5)
    signature = ssh_sign(checkpoint, published.key)
    verify_ssh_signature(checkpoint, signature, published.key.verifier)
    for place in range(len(signature)):
        for bit in range(8):
            flipped = f"{signature[:place]}{chr(ord(signature[place]) ^ 1 << bit)}{signature[place + 1 :]}"
            with pytest.raises(BadSignatureError):
                verify_ssh_signature(checkpoint, flipped, published.key.verifier)


@pytest.mark.parametrize("spoil", [str.strip, str.lower, "{}\n".format, " {}".format, "{0}{0}".format])
def test_ssh_signatures_of_any_other_form_are_refused(published: Published, spoil: Callable[[str], str]) -> None:
    checkpoint = published.checkpoint_at(5)
    with pytest.raises(BadSignatureError):
        verify_ssh_signature(checkpoint, spoil(ssh_sign(checkpoint, published.key)), published.key.verifier)


def test_an_ssh_signature_serves_one_message_key_and_purpose(published: Published, tmp_path: Path) -> None:
    checkpoint = published.checkpoint_at(5)
    signature = ssh_sign(checkpoint, published.key)
    other = generate_key(tmp_path / "other.pem", ORIGIN)
    with pytest.raises(BadSignatureError):
        verify_ssh_signature(checkpoint + b"\n", signature, published.key.verifier)
    with pytest.raises(BadSignatureError):
        verify_ssh_signature(checkpoint, signature, other.verifier)
    with pytest.raises(BadSignatureError):
        verify_ssh_signature(checkpoint, signature, published.key.verifier, namespace="file")
