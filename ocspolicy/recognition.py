"""The byte test: can a file hold a document of ours, or one that means to be?

It errs on one side only. Whatever the parsed document would show to be ours, or a near miss, is recognized here.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from functools import lru_cache

API_VERSION = "ocspolicy/v1"
EDITS = 2

_MARKS = (BOM_UTF16_LE, BOM_UTF16_BE)
_OVERLAP = 256  # even, so that two-byte characters stay whole; longer than any window below
_CHARACTER = 4  # bytes, at most
_PATIENCE = 10_000

# Two edits leave one of three pieces of our apiVersion whole: `ocspo`, `licy`, `/v1`. Where it is only one, each
# of the others has taken one edit, so a half of each is whole, and near: that is what stands behind `licy` and
# before `/v1`. A pattern that begins with a literal is searched faster than a short literal is with `in`.
# They match no more than the piece, lest one match hide another.
_FIRST = re.compile(rb"ocsp(?=o)")
_MIDDLE = re.compile(rb"lic(?:enseinventory|y(?=.{0,4}(?:/|v1)))", re.DOTALL)
_LAST = re.compile(rb"/(?:(?<=(?=.{0,5}(?:cy|li)).{7}/)|(?<=li.{6}/))v1", re.DOTALL)
_OFFSETS = ((_FIRST, 0), (_MIDDLE, 5), (_LAST, 9))


def holds_ours(data: bytes) -> bool:
    """Tell whether bytes hold `ocspolicy`, `LicenseInventory` or what lies within two edits of our apiVersion.

    Case is ignored; UTF-16 is decoded by its mark.
    """
    if b"\0" in data[:4] or data.startswith(_MARKS):
        data = _without_nul(data)
    lowered = data.lower()
    if not (_FIRST.search(lowered) or _MIDDLE.search(lowered) or _LAST.search(lowered)):
        return False
    return b"ocspolicy" in lowered or b"licenseinventory" in lowered or _holds_near_miss(lowered)


def any_holds_ours(chunks: Iterable[bytes]) -> bool:
    """Do the same for a file in pieces of even length, the last one excepted."""
    mark = before = b""
    for number, chunk in enumerate(chunks):
        if number == 0:
            mark = chunk[:2] if chunk.startswith(_MARKS) else b""
        if holds_ours(mark + before + chunk):
            return True
        before = chunk[-_OVERLAP:]
    return False


def _without_nul(data: bytes) -> bytes:
    # Without a mark, or in UTF-32, a file is no input; but it must not pass for another tool's.
    if data.startswith(_MARKS):
        data = data.decode("utf-16", "replace").encode()
    return data.replace(b"\0", b"")


def _holds_near_miss(lowered: bytes) -> bool:
    slack = EDITS * _CHARACTER
    for pattern, offset in _OFFSETS:
        for count, piece in enumerate(pattern.finditer(lowered)):
            begin = piece.start() - offset
            window = lowered[max(0, begin - slack) : begin + len(API_VERSION) + slack]
            if count >= _PATIENCE or _is_near(window):
                return True
    return False


@lru_cache(4096)
def _is_near(window: bytes) -> bool:
    """Tell whether any part of a short text lies within two edits of our apiVersion (Sellers' algorithm)."""
    row = list(range(len(API_VERSION) + 1))
    for letter in window.decode("utf-8", "replace").lower():
        before = 0
        for column, expected in enumerate(API_VERSION, 1):
            changed = before + (letter != expected)
            before = row[column]
            row[column] = min(changed, before + 1, row[column - 1] + 1)
        if row[-1] <= EDITS:
            return True
    return False
