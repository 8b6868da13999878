"""Checks on the files of a bundle beside its events: manifests, keys and signatures, documents, numbers, descriptions."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.bundle.chunks import key_mark
from ledger.bundle.facts import COLUMNS
from ledger.memory.errors import BundleUnreadableError
from ledger.proof.checkpoint import Checkpoint, open_checkpoint
from ledger.proof.errors import VerificationError
from ledger.proof.keys import VerifierKey, parse_vkey
from ledger.proof.notes import detach
from ledger.proof.sshsig import allowed_signer, public_key_line, verify_ssh_signature

if TYPE_CHECKING:
    from ledger.bundle.package import Package
    from ledger.verify.lines import LinesRead
    from ledger.verify.report import Report

__all__ = [
    "check_checkpoint",
    "check_data_package",
    "check_documents",
    "check_manifests",
    "check_projections",
    "digests_of",
]

SMALL = 1 << 20
MANIFEST_BYTES_MAX = 1 << 28
_CELL_BYTES_MAX = 1 << 28
_ROW = re.compile(r"([0-9a-f]{64})  (\S[^\r\n]*)\Z")
_TAGS = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
_BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def digests_of(package: Package) -> dict[str, str]:
    """Hash every file of a bundle; gives the digests by name. Raises BundleUnreadableError."""
    found = {}
    for name in package.names():
        digest = sha256()
        for block in package.blocks(name):
            digest.update(block)
        found[name] = digest.hexdigest()
    return found


def _manifest(package: Package, name: str) -> dict[str, str]:
    """Read a manifest. Raises ValueError where a line is not one, or a file stands there twice."""
    rows = package.read(name, most=MANIFEST_BYTES_MAX).decode().split("\n")
    if rows.pop():
        raise ValueError("its last line has no end")
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        matched = _ROW.match(row)
        if matched is None or matched[2] in found:
            raise ValueError(f"line {number} is not a digest and the name of another file")
        found[matched[2]] = matched[1]
    return found


def check_manifests(package: Package, digests: dict[str, str], report: Report) -> None:
    """Check that the bag has exactly the files that its manifests list, with these digests."""
    try:
        payload = _manifest(package, "manifest-sha256.txt")
        tags = _manifest(package, "tagmanifest-sha256.txt")
        if package.read("bagit.txt", most=SMALL) != _BAGIT:
            report.failed("bag", "bagit.txt is not that of a BagIt bag, version 1.0")
            return
    except (KeyError, ValueError) as error:
        report.failed("bag", f"a manifest or bagit.txt is missing or cannot be read: {error}")
        return
    wrong = sorted(name for name, digest in (payload | tags).items() if digests.get(name) != digest)
    listed = payload.keys() | tags.keys() | {"tagmanifest-sha256.txt"}
    strays = sorted(digests.keys() - listed)
    unlisted = [name for name in _TAGS if name not in tags]
    outside = [name for name in payload if not name.startswith("data/")]
    if wrong:
        what = "does not have the listed SHA-256" if wrong[0] in digests else "is listed but not there"
        report.failed("bag", f"{wrong[0]} {what}" + (f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""))
    elif strays or unlisted or outside:
        report.failed("bag", f"{(strays + unlisted + outside)[0]} is in no manifest where it belongs")
    else:
        report.ok("bag", f"{len(payload):,} files have the SHA-256 that the manifest lists, and there are no others")


@contextmanager
def _noting(report: Report, name: str) -> Iterator[None]:
    """Note what goes wrong within as a failure of one check."""
    try:
        yield
    except VerificationError as error:
        report.failed(name, error.message)
    except (KeyError, ValueError) as error:
        report.failed(name, f"a file is missing or cannot be read: {error}")


def check_checkpoint(package: Package, report: Report, given: VerifierKey | None) -> Checkpoint | None:
    """Check the signatures of the checkpoint; gives it where one can be believed as far as its key can."""
    note = _read(package, "checkpoint", report)
    if note is None:
        return None
    key = given or _bundled_key(package, report)
    if key is None:
        return None
    try:
        checkpoint = open_checkpoint(note, [key])
    except VerificationError as error:
        report.failed("signature", error.message)
        return None
    whose = "the key that was given" if given else "the key in the bundle"
    report.ok("signature", f"the checkpoint of {checkpoint.size:,} events was signed by {whose}, {key.vkey}")
    with _noting(report, "ssh signature"):
        verify_ssh_signature(note, package.read("data/checkpoint.sshsig", most=SMALL).decode(), key)
        report.ok("ssh signature", "fits the checkpoint")
    with _noting(report, "other forms"):
        text, signature = detach(note, key)
        forms: dict[str, bytes] = {
            "checkpoint.text": text,
            "checkpoint.sig": signature,
            "keys/log.vkey": f"{key.vkey}\n".encode(),
            "keys/log.pem": key.public_pem.encode(),
            "keys/log.pub": f"{public_key_line(key)}\n".encode(),
            "keys/allowed_signers": f"{allowed_signer(key)}\n".encode(),
        }
        wrong = [name for name, form in forms.items() if package.read(f"data/{name}", most=SMALL) != form]
        if wrong:
            report.failed("other forms", f"{wrong[0]} says something else than the checkpoint and its key")
        else:
            report.ok(
                "other forms", "text, bare signature and keys for openssl and ssh-keygen are those of the checkpoint"
            )
    return checkpoint


def _bundled_key(package: Package, report: Report) -> VerifierKey | None:
    """Return the key that came with the bundle, None where it cannot be read."""
    keys: list[VerifierKey] = []
    with _noting(report, "key"):
        keys.append(parse_vkey(package.read("data/keys/log.vkey", most=SMALL).decode().removesuffix("\n")))
    return keys[0] if keys else None


def _read(package: Package, name: str, report: Report) -> bytes | None:
    if f"data/{name}" not in package:
        report.failed(name, "is not there")
        return None
    return package.read(f"data/{name}", most=SMALL)


def check_documents(package: Package, digests: dict[str, str], read: LinesRead, report: Report) -> None:
    """Check that each document has the digest it is named by, and is one that an event attaches."""
    prefix = "data/documents/"
    there = {name.removeprefix(prefix): digests[name] for name in package.names(prefix)}
    altered = sorted(name for name, digest in there.items() if name != digest)
    strays = sorted(there.keys() - read.documents.keys())
    resized = sorted(d for d in there.keys() & read.documents.keys() if package.sizes[prefix + d] != read.documents[d])
    absent = read.documents.keys() - there.keys()
    if altered:
        report.failed("documents", f"{altered[0]} was replaced: its SHA-256 is {there[altered[0]]}")
    elif strays or resized:
        report.failed("documents", f"{(strays + resized)[0]} is not a document that an event attaches")
    elif there:
        report.ok("documents", f"{len(there):,} documents have the SHA-256 under which they were recorded")
    if absent:
        report.absent(
            "documents", f"{len(absent):,} of {len(read.documents):,} attached documents are not in the bundle"
        )


def check_projections(package: Package, read: LinesRead, report: Report, *, whole: bool) -> None:
    """Check that the numbers name only events that are there; gives a note where a part cannot tell."""
    names = package.names("data/projections/")
    if not names:
        report.absent("projections", "the bundle has no numbers")
        return
    keys = unknown = 0
    usual = csv.field_size_limit(_CELL_BYTES_MAX)  # one number may rest on very many events
    try:
        for name in names:
            with package.open(name) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
                for row in csv.DictReader(text):
                    for key in filter(None, (row.get("events") or "").split("; ")):
                        keys += 1
                        unknown += key_mark(key) not in read.marks
    except (csv.Error, BundleUnreadableError) as error:
        report.failed("projections", f"{name} cannot be read: {error}")
        return
    finally:
        csv.field_size_limit(usual)
    if unknown and whole:
        report.failed("projections", f"{unknown:,} of {keys:,} keys of events in projections/ are not in the log")
    elif unknown:
        report.absent("projections", f"{unknown:,} of {keys:,} keys in projections/ are of events outside of this part")
    else:
        report.ok("projections", f"all {keys:,} keys in projections/ are of events in the bundle (not recomputed)")


def check_data_package(package: Package, digests: dict[str, str], report: Report) -> None:
    """Check that `datapackage.json` describes the files that are there, and `facts.csv` by its columns."""
    name = "data package"
    with _noting(report, name):
        described: Any = orjson.loads(package.read("data/datapackage.json", most=64 * SMALL))
        wrong = _first_wrong(described, package, digests)
        if wrong:
            report.failed(name, wrong)
        else:
            report.ok(name, "describes the tables with their columns, sizes and digests")


def _first_wrong(described: Any, package: Package, digests: dict[str, str]) -> str:  # noqa: ANN401 - any JSON value
    try:
        resources: dict[str, Any] = {resource["path"]: resource for resource in described["resources"]}
        facts = resources["facts.csv"]["schema"]["fields"]
        columns = [(column["name"], column["type"]) for column in facts]
        pairs = [(path, resource["hash"], resource["bytes"]) for path, resource in resources.items()]
    except (KeyError, TypeError, AttributeError):
        return "datapackage.json is not a data package with facts.csv in it"
    if columns != [(column.name, column.type) for column in COLUMNS]:
        return "it describes other columns of facts.csv than this version has"
    for path, digest, size in pairs:
        if digests.get(f"data/{path}") is None or digest != f"sha256:{digests[f'data/{path}']}":
            return f"{path} is not the file that it describes"
        if package.sizes[f"data/{path}"] != size:
            return f"{path} has another size than it says"
    tables = {n.removeprefix("data/") for n in digests if n.startswith("data/") and n.endswith((".csv", ".jsonl"))}
    missing = sorted(tables - resources.keys())
    return f"{missing[0]} is not described" if missing else ""
