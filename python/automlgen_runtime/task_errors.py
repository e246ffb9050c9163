"""Words for faults of a task's files: what is there, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from automlgen_runtime.errors import UserFault

__all__ = ["UserFault", "did_you_mean", "listing"]


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """` Did you mean "x"?`, or nothing when no choice is near."""
    choices = list(choices)
    lowered = {choice.lower().strip(): choice for choice in choices}
    near = get_close_matches(word.lower().strip(), lowered, n=1, cutoff=0.6)
    return f' Did you mean "{lowered[near[0]]}"?' if near else ""


def listing(words: Iterable[str], limit: int = 6) -> str:
    """`a, b, c and 4 more`."""
    items = [str(word) for word in words]
    shown = ", ".join(items[:limit])
    return f"{shown} and {len(items) - limit} more" if len(items) > limit else shown
