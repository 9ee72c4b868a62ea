"""People: who they are, read from lists and exports, each counted once however often met."""

from __future__ import annotations

from .identity import LONGEST_IDENTITY, fold, identity_fault
from .listing import read_identities
from .look_alike import look_alikes
from .roll import LookAlike, Roll

__all__ = [
    "LONGEST_IDENTITY",
    "LookAlike",
    "Roll",
    "fold",
    "identity_fault",
    "look_alikes",
    "read_identities",
]
