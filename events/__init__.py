"""The vocabulary: what the ledger can say about a deal, as frozen models with canonical bytes.

The models live in `companies`, `terms`, `performance`, `observations` and `housekeeping`; `registry` lists them all.
This file imports nothing, so that reading a ledger never pays for the validation library.
"""
