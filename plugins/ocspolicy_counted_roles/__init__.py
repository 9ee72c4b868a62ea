"""The rules about server roles: which are counted, and what covers the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocspolicy.api import Rule, hookimpl


@hookimpl
def ocspolicy_rules() -> Iterable[type[Rule[Any]]]:
    """Give the ROL rules."""
    from .additional_software_uncovered import AdditionalSoftwareUncovered
    from .assigned_server_unknown import AssignedServerUnknown
    from .cold_standby_uncovered import ColdStandbyUncovered
    from .edition_outgrown import EditionOutgrown
    from .license_spread_over_servers import LicenseSpreadOverServers
    from .role_not_offered import RoleNotOffered
    from .role_undetermined import RoleUndetermined
    from .server_edition_mismatch import ServerEditionMismatch
    from .server_license_shortage import ServerLicenseShortage
    from .server_license_version_too_old import ServerLicenseVersionTooOld
    from .unknown_role import UnknownRole

    return [
        ServerLicenseShortage,
        ServerEditionMismatch,
        AdditionalSoftwareUncovered,
        UnknownRole,
        EditionOutgrown,
        LicenseSpreadOverServers,
        AssignedServerUnknown,
        ColdStandbyUncovered,
        RoleUndetermined,
        RoleNotOffered,
        ServerLicenseVersionTooOld,
    ]
