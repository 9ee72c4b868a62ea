"""Different identities that a reader would take for one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from unicodedata import normalize

# The code points that Unicode calls Default_Ignorable_Code_Point: they are not drawn.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def _table(*rows: tuple[str, str]) -> dict[int, str]:
    return {ord(character): plain for plain, characters in rows for character in characters}


# Folded letters, each alike in its small or its capital form: Latin, Greek, Cyrillic, Armenian; punctuation.
_ALIKE = _table(
    ("a", "\u0251\u03b1\u0430"),
    ("b", "\u03b2\u0432\u044c"),
    ("c", "\u1d04\u0441"),
    ("d", "\u0501"),
    ("e", "\u03b5\u0435"),
    ("g", "\u0261\u050d\u0581"),
    ("h", "\u043d\u04bb\u0570"),
    ("i", "\u0131\u0269\u026a\u03b9\u0456"),
    ("j", "\u0237\u03f3\u0458\u0575"),
    ("k", "\u0138\u03ba\u043a"),
    ("l", "\u04cf\u056c"),
    ("m", "\u03bc\u043c"),
    ("n", "\u043f\u0578"),
    ("o", "\u1d0f\u03bf\u03c3\u043e\u0585"),
    ("p", "\u03c1\u0440"),
    ("q", "\u051b\u0566"),
    ("r", "\u0433"),
    ("s", "\ua731\u0455\u057f"),
    ("t", "\u03c4\u0442"),
    ("u", "\u028b\u057d"),
    ("v", "\u1d20\u0475"),
    ("w", "\u1d21\u03c9\u051d\u0561"),
    ("x", "\u03c7\u0445"),
    ("y", "\u03b3\u0443\u04af"),
    ("z", "\u1d22\u03b6"),
    ("3", "\u0437\u04e1"),
    ("'", "\u02b9\u02bb\u02bc\u02bd\u055a\u2018\u2019\u201b\u2032\ua78c"),
    ("-", "\u02d7\u058a\u2010\u2012\u2013\u2014\u2015\u2043\u2212"),
    (".", "\u06d4\u3002"),
    (",", "\u201a"),
    (":", "\u02d0\u0589\u05c3\u2236\ua789"),
    ("/", "\u2044\u2215"),
)
# Greek letters whose small and capital forms look like different Latin letters.
_SMALL = _ALIKE | _table(("n", "\u03b7"), ("v", "\u03bd"), ("u", "\u03c5"))
_CAPITAL = _ALIKE | _table(("h", "\u03b7"), ("n", "\u03bd"), ("y", "\u03c5"))


def _skeletons(identity: str) -> set[str]:
    """Give what is left of an identity when all that looks the same is the same; its ASCII part stays."""
    seen = normalize("NFKD", _INVISIBLE.sub("", identity)).casefold()
    # The dot above a small i or j is drawn once, whether it is spelled or not.
    plain = normalize("NFKD", seen).replace("i\u0307", "i").replace("j\u0307", "j")
    return {normalize("NFKD", plain.translate(table)).strip() for table in (_SMALL, _CAPITAL)}


def look_alikes(identities: Iterable[str]) -> list[tuple[str, str]]:
    """Find different identities that look alike, at least one of each two not being plain ASCII.

    Two look alike where they are equal after Unicode compatibility normalization, full case folding, removal
    of invisible characters, and a table of the Greek, Cyrillic, Armenian and rare Latin letters and of the
    punctuation that are drawn like ASCII ones. Other scripts and letters within ASCII (`l` and `1`) are not
    compared, and a letter with an accent is another letter.

    Args:
        identities: Folded identities, in any order. Plain ASCII ones cost next to nothing.

    Returns:
        Sorted pairs, sorted within; of several that look alike each stands with the first of them.
    """
    known = identities if isinstance(identities, AbstractSet) else set(identities)
    firsts: dict[str, str] = {}
    alike: dict[str, set[str]] = {}
    for identity in known:
        if not identity.isascii():
            for skeleton in _skeletons(identity):
                _join(skeleton, identity, firsts, alike)
    for skeleton in firsts:
        # A plain ASCII identity is its own skeleton, so none need be made for those.
        if skeleton.isascii() and skeleton in known:
            _join(skeleton, skeleton, firsts, alike)
    return sorted({pair for members in alike.values() for pair in _with_first(members)})


def _join(skeleton: str, identity: str, firsts: dict[str, str], alike: dict[str, set[str]]) -> None:
    first = firsts.setdefault(skeleton, identity)
    if first != identity:
        alike.setdefault(skeleton, {first}).add(identity)


def _with_first(members: set[str]) -> list[tuple[str, str]]:
    first, *others = sorted(members)
    return [(first, other) for other in others]
