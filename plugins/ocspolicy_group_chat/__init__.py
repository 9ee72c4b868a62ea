"""The rules about Group Chat: its servers, its users, and licenses that were bought for it apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocspolicy.api import Rule, hookimpl


@hookimpl
def ocspolicy_rules() -> Iterable[type[Rule[Any]]]:
    """Give the GCH rules."""
    from .group_chat_license_redundant import GroupChatLicenseRedundant
    from .group_chat_not_included import GroupChatNotIncluded
    from .group_chat_server_missing import GroupChatServerMissing
    from .group_chat_server_uncovered import GroupChatServerUncovered
    from .group_chat_user_uncovered import GroupChatUserUncovered

    return [
        GroupChatServerUncovered,
        GroupChatUserUncovered,
        GroupChatLicenseRedundant,
        GroupChatServerMissing,
        GroupChatNotIncluded,
    ]
