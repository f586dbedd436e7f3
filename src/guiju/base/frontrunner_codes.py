"""The diagnostic codes of front-runners, a part of the closed list."""

from __future__ import annotations

from guiju.base.code import Code

FRONTRUNNER: dict[str, Code] = {
    # the library of declared standards
    # boards and the overall comparison
    # authoring and effect
    # credentials
    # cycles and certificates
    # the zone: claims, badges, feeds
}
