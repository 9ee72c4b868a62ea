"""A day as people write it everywhere: YYYY-MM-DD, and one that exists."""

from __future__ import annotations

import re
from datetime import date

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

EXPECTED = "expected a day that exists, written YYYY-MM-DD"


def read_day(text: str) -> date | None:
    """Read a day; None for any other text: the library alone takes weeks and days without hyphens too."""
    if not _WRITTEN.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
