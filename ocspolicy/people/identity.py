"""When two spellings are one person: blanks around, `sip:` and `smtp:`, simple case; nothing else."""

from __future__ import annotations

import re

LONGEST_IDENTITY = 1024
"""The most characters that an identity may have."""

_KNOWN_CASES = 65_536
# Classes instead of IGNORECASE, which would take the long s and the dotless i for `s` and `i`.
_SCHEMES = re.compile(r"(?:(?:[sS][iI][pP]|[sS][mM][tT][pP]):\s*)+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class _SimpleCase(dict[int, str]):
    """Maps a code point to its lower case where that is one character whose upper case leads back.

    So the Kelvin sign is no `k`, `ẞ` is no `ß`, and `İ` stays one character.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        lower = character.lower()
        folded = lower if len(lower) == 1 and lower.upper() == character else character
        if len(self) < _KNOWN_CASES:
            self[code] = folded
        return folded


_simple_case = _SimpleCase()


def fold_case(text: str) -> str:
    """Fold simple one-to-one case, character by character; the length stays the same."""
    return text.lower() if text.isascii() else text.translate(_simple_case)


def fold(identity: str) -> str:
    """Give the form in which equal people are equal texts.

    Drops the blanks around and every `sip:` and `smtp:` in front, then folds case by `fold_case`.
    Folding twice is folding once. What is left may be empty: see `identity_fault`.
    """
    bare = identity.strip()
    if ":" in bare and (schemes := _SCHEMES.match(bare)):
        bare = bare[schemes.end() :]
    return fold_case(bare)


def identity_fault(folded: str) -> str | None:
    """Say what keeps a folded identity from naming one person; None where nothing does."""
    if not folded:
        return "the identity is empty, expected one person's name or address"
    if len(folded) > LONGEST_IDENTITY:
        return f"the identity has {len(folded)} characters, expected at most {LONGEST_IDENTITY}"
    # A line end inside one identity may hide a second person, who would then not be counted.
    if not folded.isprintable() and (control := _CONTROL.search(folded)):
        return f"the identity holds the control character U+{ord(control[0]):04X}, expected one identity"
    return None
