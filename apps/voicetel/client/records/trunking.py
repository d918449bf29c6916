"""Answers about who may place calls: the access list and SIP authentication."""

from apps.voicetel.client.records.base import Record


class Cidr(Record, frozen=True):
    cidr: str


class Acl(Record, frozen=True):
    """aclList."""

    acl: list[Cidr]


class AclAdded(Record, frozen=True):
    """aclCreate."""

    added: tuple[Cidr, ...] = ()


class AclRemoved(Record, frozen=True):
    """aclDelete."""

    removed: tuple[Cidr, ...] = ()


class Auth(Record, frozen=True):
    """authGet.

    The numbers mean other things in other releases: show `auth_type_description` as what is in
    force.
    """

    auth_type: int
    auth_type_description: str = ""
    acl: tuple[Cidr, ...] = ()


class Field(Record, frozen=True):
    """`value` is left out where it is secret."""

    field: str
    value: int | None = None


class AuthUpdated(Record, frozen=True):
    """authPut. A changed password changes the API key as well."""

    updated: tuple[Field, ...] = ()

    @property
    def fields(self) -> list[str]:
        """Names: authType, password."""
        return [one.field for one in self.updated]
