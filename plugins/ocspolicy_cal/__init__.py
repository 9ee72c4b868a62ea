"""The rules about client access licenses, and about identities that look alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocspolicy.api import Rule, hookimpl


@hookimpl
def ocspolicy_rules() -> Iterable[type[Rule[Any]]]:
    """Give the CAL rules and IDN001."""
    from .cal_version_too_old import CalVersionTooOld
    from .external_authenticated_access import ExternalAuthenticatedAccess
    from .external_connector_unnecessary import ExternalConnectorUnnecessary
    from .external_user_uncovered import ExternalUserUncovered
    from .feature_not_offered import FeatureNotOffered
    from .feature_undetermined import FeatureUndetermined
    from .higher_cal_shortage import HigherCalShortage
    from .identity_look_alike import IdentityLookAlike
    from .internal_access_unauthenticated import InternalAccessUnauthenticated
    from .standard_cal_shortage import StandardCalShortage
    from .unknown_feature import UnknownFeature

    return [
        StandardCalShortage,
        HigherCalShortage,
        ExternalAuthenticatedAccess,
        ExternalConnectorUnnecessary,
        UnknownFeature,
        CalVersionTooOld,
        FeatureUndetermined,
        FeatureNotOffered,
        ExternalUserUncovered,
        InternalAccessUnauthenticated,
        IdentityLookAlike,
    ]
