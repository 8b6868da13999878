"""What tables are made by: one digest of everything that decides what a log becomes in them, and what macros ask of it.

A file of tables that another content made is another file, whatever it is called: there is no version to be raised by hand.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import resources

__all__ = ["MODULES", "content_digest"]

# The modules that take part in making tables, as package and file; a test holds that none is missing.
MODULES = (
    ("events", "__init__.py"),
    ("events", "envelope.py"),
    ("events", "errors.py"),
    ("events", "names.py"),
    ("events", "upcasters.py"),
    ("projections", "__init__.py"),
    ("projections", "clocks.py"),
    ("projections", "content.py"),
    ("projections", "fingerprint.py"),
    ("projections", "shred.py"),
    ("projections", "warehouse.py"),
)


@cache
def content_digest() -> str:
    """Return the SHA-256 (hexadecimal) of the SQL scripts, of the modules that feed them, and of DuckDB's version."""
    import duckdb

    digest = sha256(f"DuckDB {duckdb.__version__}".encode())
    scripts = resources.files("projections") / "sql"
    pieces = [(name, scripts / name) for name in sorted(entry.name for entry in scripts.iterdir())]
    pieces += [(f"{package}/{name}", resources.files(package) / name) for package, name in MODULES]
    for name, piece in pieces:
        held = piece.read_bytes()
        digest.update(f"\n{name} {len(held)}\n".encode())
        digest.update(held)
    return digest.hexdigest()
