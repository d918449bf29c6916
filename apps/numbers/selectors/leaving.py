"""Where a number may go when it leaves the account."""

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Right, Role, allows
from apps.numbers.models import Gateway

MANAGERS = [role for role in Role if allows(role, Right.MANAGE)]


def list_targets(account: Account, user: User) -> list[tuple[str, str, list[Gateway]]]:
    """(heading, account number, routes): system routes under "", then the gateways of each other
    account that this person may manage.
    """
    system = Gateway.objects.of(account).filter(system=True).order_by("address", "gateway")
    found: list[tuple[str, str, list[Gateway]]] = [("System routes", "", list(system))]
    managed = (
        Membership.objects.filter(user=user, role__in=MANAGERS)
        .exclude(account=account)
        .select_related("account")
    )
    for each in managed.order_by("account__name", "pk"):
        own = Gateway.objects.of(each.account).filter(system=False).order_by("address", "gateway")
        if routes := list(own):
            heading = f"{each.account} ({each.account.number})"
            found.append((heading, each.account.number, routes))
    return found
