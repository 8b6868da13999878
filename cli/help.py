"""How help pages show examples: as they are typed, never wrapped."""

from __future__ import annotations

__all__ = ["examples", "paragraphs"]

_AS_IT_IS = "\b\n"


def examples(*lines: str) -> str:
    """Return the epilog that lists command lines under `Examples:`."""
    return _AS_IT_IS + "Examples:\n" + "\n".join(f"  {line}" for line in lines)


def paragraphs(*texts: str) -> str:
    """Join parts of an epilog."""
    return "\n\n".join(texts)
