"""Who may place calls: the IP access list and SIP authentication."""

from collections.abc import Sequence

from apps.voicetel.client import checks
from apps.voicetel.client.records.trunking import Acl, AclAdded, AclRemoved, Auth, AuthUpdated
from apps.voicetel.client.resources.base import Resource

LIST = list  # the class has a method of that name


class AclResource(Resource):
    """Blocks of public IPv4 addresses, /8, /16, /24 or /32."""

    def list(self) -> LIST[str]:
        """aclList: the blocks, [] for none."""
        found = self._find("aclList", Acl)
        return [one.cidr for one in found.acl] if found else []

    def add(self, cidrs: Sequence[str]) -> LIST[str]:
        """aclCreate: gives those added. PartlyDone lists which were and which were not."""
        checks.refuse(cidrs=checks.cidrs(cidrs))
        return [
            one.cidr
            for one in self._call(
                "aclCreate", AclAdded, body={"acl": [{"cidr": cidr} for cidr in cidrs]}
            ).added
        ]

    def remove(self, cidrs: Sequence[str]) -> LIST[str]:
        """aclDelete: gives those removed. PartlyDone lists which were and which were not."""
        checks.refuse(cidrs=checks.cidrs(cidrs))
        return [
            one.cidr
            for one in self._call("aclDelete", AclRemoved, query={"cidrs": ",".join(cidrs)}).removed
        ]


class AuthResource(Resource):
    def get(self) -> Auth:
        """authGet."""
        return self._call("authGet", Auth)

    def update(self, *, auth_type: int | None = None, password: str | None = None) -> AuthUpdated:
        """authPut.

        A new password kills the API key: exchange it again. PartlyDone: read back which part took.
        """
        checks.refuse(
            auth_type=""
            if (auth_type, password) != (None, None)
            else "Nothing to change was given."
        )
        wanted = "A SIP password has 6 to 10 letters and digits, at least one of each."
        checks.each(
            {
                "auth_type": (
                    auth_type,
                    checks.identifier(auth_type, "The authentication type", 0, 3),
                ),
                "password": (
                    password,
                    checks.matches(password, "(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9]{6,10}", wanted),
                ),
            }
        )
        return self._call(
            "authPut", AuthUpdated, body=checks.given(authType=auth_type, password=password)
        )
