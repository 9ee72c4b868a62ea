"""The one exception a user may see. Whatever else escapes a step is a bug of ours or of a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .place import Location


class Problem(NamedTuple):
    """Something that prevents a full judgement; its presence makes the exit status 2.

    `kind` is one kebab-case word for machines (`usage`, `configuration`, `input`, `git`, `plugin`,
    `output`, `limit`, `internal`). `message` is one line, lower case, without a full stop: what was found,
    what was expected, the next step. `trace` is shown with `--verbose` only.
    """

    kind: str
    message: str
    location: Location | None = None
    excerpt: str | None = None
    trace: str | None = None


class JudgementError(Exception):
    """What cannot be judged; carries the problems to be shown, each with its place.

    Plugins may raise it too, from a rule or a hook.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def problem(kind: str, message: str, location: Location | None = None) -> JudgementError:
    """Build the error that carries one problem."""
    return JudgementError(Problem(kind, message, location))


def near_misses(word: str, known: list[str]) -> str:
    """Say which known words are near a wrong one: `; did you mean 'edge'?`, or nothing."""
    close = nearest(word, known)
    return "; did you mean " + " or ".join(f"'{candidate}'" for candidate in close) + "?" if close else ""


def nearest(word: str, known: list[str]) -> list[str]:
    """Give up to three known words that are near a wrong one, the nearest first."""
    from difflib import get_close_matches

    by_folded = {candidate.lower(): candidate for candidate in sorted(known)}
    return [by_folded[folded] for folded in get_close_matches(word.lower()[:100], by_folded, n=3, cutoff=0.6)]
