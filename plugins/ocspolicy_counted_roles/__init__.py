"""The rules about server roles: which are counted, and what covers the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocspolicy.api import Rule, hookimpl


@hookimpl
def ocspolicy_rules() -> Iterable[type[Rule[Any]]]:
    """Give the ROL rules."""
    from .additional_software_uncovered import AdditionalSoftwareUncovered
    from .server_edition_mismatch import ServerEditionMismatch
    from .server_license_shortage import ServerLicenseShortage
    from .unknown_role import UnknownRole

    return [
        ServerLicenseShortage,
        ServerEditionMismatch,
        AdditionalSoftwareUncovered,
        UnknownRole,
    ]
