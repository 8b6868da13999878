"""A small ledger with everything a trail can hold, the same bytes on every run, and what an attacker does to its bundle."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.application import Ledger
from ledger.bundle.part import Part
from ledger.exchange.export import Exported, Request, export_bundle
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.keys import SigningKey
from ledger.proof.merkle import Frontier, leaf_hashes
from ledger.proof.notes import detach
from ledger.proof.sshsig import allowed_signer, public_key_line, ssh_sign
from ledger.reader import LedgerReader
from tests.ledger.scenes import company, delivery, event, new_ledger, purchase, warrant

__all__ = ["AT", "DOCUMENT", "KEY", "ORIGIN", "STRANGER", "copied", "export", "reseal", "resigned", "tiny_ledger"]

ORIGIN = "ledger.example/deals"
AT = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
KEY = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
DOCUMENT = b"The parties agree.\n"


def tiny_ledger(folder: Path, *, amount: str = "100") -> Ledger:
    """Record companies, terms, performance, a figure, a correction, a retraction and a document, one after the other."""
    ledger = new_ledger(folder)
    money = {"value": amount, "currency": "USD"}
    ledger.record([company("amd", ticker="AMD", aliases=["超微"]), company("openai", name="OpenAI")])
    source = {"kind": "press", "publisher": '=Example, "Inc"', "url": "https://example.test/a?b=1,2"}
    ledger.record([purchase(source=source, note="-5 % in the first year"), warrant()])
    ledger.record([delivery()])
    ledger.record([company("oracle", layer="cloud"), purchase("two", buyer="oracle", supplier="amd", amount=money)])
    ledger.record(
        [
            event(
                "metric_reported",
                company="openai",
                metric="cash_burn",
                value="-8000000000",
                unit="USD",
                period_from="2025-01-01",
                period_to="2025-12-31",
                basis="estimate",
                announced_on="2026-01-05",
            )
        ]
    )
    ledger.correct(
        "two/supply/2025-10-06",
        purchase("two", buyer="oracle", supplier="amd", amount=None),
        reason="The amount was a misprint.",
        announced_on=dt.date(2026, 1, 30),
    )
    ledger.retract(
        "one/supply/capacity-delivered/2025-10-06", reason="=It never happened", announced_on=dt.date(2026, 1, 30)
    )
    ledger.attach("one/supply/2025-10-06", DOCUMENT, media_type="text/plain")
    return ledger


NUMBERS = b"exposed,to,events\r\namd,openai,one/supply/2025-10-06; one/warrant/2025-10-06\r\n"


def export(
    ledger: Path,
    target: Path,
    *,
    part: Part | None = None,
    upto: int | None = None,
    key: SigningKey | None = KEY,
    numbers: bytes = NUMBERS,
) -> Exported:
    """Export with the key of these scenes."""
    projections = {"exposure.csv": numbers} if numbers and part is None and upto is None else {}
    clocks = {"as_of": "2026-01-31", "known_by": "2026-01-31"} if projections else {}
    request = Request(upto, part or Part(), projections, clocks)
    with LedgerReader(ledger) as reader:
        return export_bundle(reader, target, request, at=AT, key=key)


def copied(bundle: Path, target: Path, change: Callable[[Path], object]) -> Path:
    """Copy a bundle folder and change the copy's `data` folder."""
    shutil.copytree(bundle, target)
    change(target / "data")
    return target


def reseal(bundle: Path) -> Path:
    """Write the manifests anew, as whoever alters a bundle on purpose does."""
    files = sorted(path for path in (bundle / "data").rglob("*") if path.is_file())
    oxum = f"{sum(path.stat().st_size for path in files)}.{len(files)}"
    info = bundle / "bag-info.txt"
    kept = [line for line in info.read_text().splitlines() if not line.startswith("Payload-Oxum")]
    info.write_text("\n".join([*kept, f"Payload-Oxum: {oxum}", ""]))
    _manifest(bundle, "manifest-sha256.txt", files)
    tags = [bundle / name for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")]
    _manifest(bundle, "tagmanifest-sha256.txt", tags)
    return bundle


def _manifest(bundle: Path, name: str, files: list[Path]) -> None:
    rows = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(bundle)}\n" for path in files]
    (bundle / name).write_text("".join(rows))


def resigned(bundle: Path, key: SigningKey) -> Path:
    """Sign whatever the events are now with a key, in every form, and name that key in the bundle."""
    data = bundle / "data"
    frontier = Frontier()
    frontier.extend(leaf_hashes(data.joinpath("events.jsonl").read_bytes().split(b"\n")[:-1]))
    note = sign_checkpoint(Checkpoint(ORIGIN, frontier.size, frontier.root()), key)
    text, signature = detach(note, key.verifier)
    scope = data / "scope.json"
    old = _root_in(data)
    scope.write_text(scope.read_text().replace(old, frontier.root().hex()))
    forms: dict[str, bytes] = {
        "checkpoint": note,
        "checkpoint.text": text,
        "checkpoint.sig": signature,
        "checkpoint.sshsig": ssh_sign(note, key).encode(),
        "keys/log.vkey": f"{key.verifier.vkey}\n".encode(),
        "keys/log.pem": key.verifier.public_pem.encode(),
        "keys/log.pub": f"{public_key_line(key.verifier)}\n".encode(),
        "keys/allowed_signers": f"{allowed_signer(key.verifier)}\n".encode(),
    }
    for name, content in forms.items():
        (data / name).write_bytes(content)
    return reseal(bundle)


def _root_in(data: Path) -> str:
    """Return the root (hexadecimal) that the checkpoint in a bundle says."""
    return base64.b64decode(data.joinpath("checkpoint").read_bytes().split(b"\n")[2]).hex()
