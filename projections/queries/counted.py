"""The legs that a question is about, kept as tables: as they are, as they are added up with no part beside its whole, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from projections.warehouse import Warehouse

__all__ = ["keep_claims", "keep_counted", "keep_rest", "share_evidence", "share_legs"]

_PROOF = """
SELECT pt, deal, leg, position FROM proof_at
UNION ALL
SELECT w.pt, w.deal, w.leg, e.position
FROM (SELECT pt, deal, leg, unnest(parts) AS part FROM legs_counted) AS w
INNER JOIN proof_at AS e ON w.pt = e.pt AND w.part = e.deal || '/' || e.leg
"""
# The events behind each leg as one list, in the order of the log.
_LISTED = "SELECT pt, deal, leg, list_sort(list_distinct(list(position))) AS positions FROM {} GROUP BY pt, deal, leg"


def share_legs(warehouse: Warehouse, at: list[dict[str, object]]) -> None:
    """Keep the state of every leg at points as the table `legs_at`, for all questions about these points."""
    warehouse.share("legs_at", "SELECT * FROM leg_state($1)", [at])


def keep_counted(
    warehouse: Warehouse, at: list[dict[str, object]], *, about: str | None = None, with_ended: bool = False
) -> list[object]:
    """Keep the legs of a company (None: of all) as they are added up, each part out of its whole, as `legs_counted`.

    Their evidence, which is that of their parts too, is kept as `proof` (a log position a row) and `evidence_counted` (one list
    a leg). Returns what all of it depends on, for what is shared on top.
    """
    share_legs(warehouse, at)
    _share_proof(warehouse, at)
    about, with_ended = _asked_of(warehouse, about, with_ended)
    of: list[object] = [at, about, with_ended]
    warehouse.share("legs_counted", "SELECT * FROM legs_less_parts('legs_at', $1, $2)", [about, with_ended], also=at)
    warehouse.share("proof", _PROOF, also=of)
    warehouse.share("evidence_counted", _LISTED.format("proof"), also=of)
    return of


def keep_rest(
    warehouse: Warehouse, name: str, where: str, asked: Sequence[object] = (), *, by_deal: bool = False
) -> None:
    """Keep the legs of `legs_at` that a condition chooses as `name`, and as they are added up as `name_rest`.

    With `by_deal` each deal is added up by itself, and only parts of its own legs are taken from their wholes.
    """
    part_of = "CASE WHEN starts_with(part_of, deal || '/') THEN part_of END" if by_deal else "part_of"
    warehouse.keep(name, f"SELECT * REPLACE ({part_of} AS part_of) FROM legs_at WHERE {where}", asked)  # noqa: S608 - both are ours
    rest = f"legs_less_parts('{name}', NULL, true)" if _parts_told(warehouse) else name
    warehouse.keep(f"{name}_rest", f"SELECT * FROM {rest}")  # noqa: S608 - as above


def keep_claims(
    warehouse: Warehouse, at: list[dict[str, object]], *, about: str | None = None, with_ended: bool = False
) -> None:
    """Keep the rows of `exposure_legs` likewise as `claims_at`, beside `legs_counted`."""
    of = keep_counted(warehouse, at, about=about, with_ended=with_ended)
    warehouse.share("claims_at", "SELECT * FROM exposure_legs('legs_counted')", also=of)


def _asked_of(warehouse: Warehouse, about: str | None, with_ended: bool) -> tuple[str | None, bool]:  # noqa: FBT001 - as both above have it
    """Return which legs are added up together: without a single part in the log, all questions may share them."""
    return (about, with_ended) if _parts_told(warehouse) else (None, True)


def _parts_told(warehouse: Warehouse) -> int:
    """Return how many terms in the log say that their leg is a part of another."""
    warehouse.share("parts_told", "SELECT count(part_of) AS parts FROM terms")
    return int(warehouse.query("SELECT parts FROM parts_told")[0]["parts"])


def share_evidence(warehouse: Warehouse, at: list[dict[str, object]]) -> None:
    """Keep the log positions behind each leg at points as `evidence_at`: one list a leg."""
    _share_proof(warehouse, at)
    warehouse.share("evidence_at", _LISTED.format("proof_at"), also=at)


def _share_proof(warehouse: Warehouse, at: list[dict[str, object]]) -> None:
    warehouse.share("proof_at", "SELECT * FROM evidence($1)", [at])
