"""End users: who they are and whether they may act, from the managed objects of the realm."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from reference_server.hashing import SecretHash

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


class Users:
    """The realm's users, known to tokens by their UUID alone."""

    def __init__(self, tenant: Tenant, realm: str) -> None:
        self._tenant = tenant
        self._type = f"{realm}_user"
        self._password_of_nobody = SecretHash(secrets.token_urlsafe())

    def authenticate(self, username: str, password: str) -> str | None:
        """The UUID of the active user with these credentials; an unknown name takes as long as a wrong password."""
        user_id = self.named(username)
        if user_id is None:
            self._password_of_nobody.matches(password)
            return None
        return user_id if self.password_matches(user_id, password) and self.is_active(user_id) else None

    def hinted_at(self, hint: str) -> str | None:
        """The UUID of the user with this name, or with this very UUID."""
        return self.named(hint) or (hint if self.profile(hint) is not None else None)

    def named(self, username: str) -> str | None:
        """The UUID of the user who has this name now."""
        user = self._tenant.managed.find(self._type, "userName", username)
        return None if user is None else user["_id"]

    def password_matches(self, user_id: str, password: str) -> bool:
        """Whether this is the user's password, compared in full."""
        return self._tenant.managed.password_matches(self._type, user_id, password)

    def is_active(self, user_id: str) -> bool:
        """Whether the user exists and is neither disabled nor locked."""
        user = self._tenant.managed.get(self._type, user_id)
        return user is not None and user.get("accountStatus") == "active"

    def profile(self, user_id: str) -> dict[str, Any] | None:
        """The user's stored properties."""
        return self._tenant.managed.get(self._type, user_id)

    def groups_of(self, user_id: str) -> set[str]:
        """The ids of the groups that the user is a member of right now."""
        return set(self._tenant.managed.related(self._type, user_id, "groups"))
