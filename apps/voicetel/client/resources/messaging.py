"""What a number needs before it may send messages: its routes, a brand, a campaign."""

from collections.abc import Sequence
from datetime import UTC, datetime

from apps.voicetel.client import checks
from apps.voicetel.client.errors import Refused, Unavailable
from apps.voicetel.client.records.messaging import (
    Assigned,
    BulkUnassigned,
    CampaignStatus,
    CampaignStatuses,
    MessagingPatched,
    MessagingState,
    MessagingStates,
    Registered,
    Unassigned,
)
from apps.voicetel.client.resources.base import Resource

CAMPAIGNS_A_CALL = 100
TOO_LONG = 414


class MessagingResource(Resource):
    def create_brand(self, brand_id: str, name: str, description: str | None = None) -> Registered:
        """messagingBrandCreate: brings a brand of the campaign registry to the network.

        No call lists brands: remember the id.
        """
        checks.refuse(
            brand_id=checks.matches(
                brand_id, "B[A-Za-z0-9]+", "A brand id is a B with letters and digits."
            ),
            name=checks.some(name, "The name", 200),
        )
        checks.each({"description": (description, checks.some(description, "The description"))})
        body = {"messagingBrandId": brand_id, "messagingBrandName": name} | checks.given(
            messagingBrandDescription=description
        )
        return self._call("messagingBrandCreate", Registered, body=body)

    def create_campaign(
        self,
        campaign_id: str,
        brand_id: str,
        description: str,
        *,
        kind: str | None = None,
        start: datetime | None = None,
    ) -> Registered:
        """messagingCampaignCreate: the provider's defaults are class T and today.

        No call lists campaigns: remember the id.
        """
        checks.refuse(
            campaign_id=checks.matches(
                campaign_id, "[A-Z0-9]{1,40}", "A campaign id has capital letters and digits."
            ),
            brand_id=checks.matches(
                brand_id, "B[A-Za-z0-9]+", "A brand id is a B with letters and digits."
            ),
            description=checks.some(description, "The description"),
        )
        checks.each(
            {
                "kind": (kind, checks.some(kind, "The class", 20)),
                "start": (start, checks.aware(start, "The start")),
            }
        )
        body = {
            "externalCampaignId": campaign_id,
            "messagingBrandId": brand_id,
            "campaignDescription": description,
        }
        body |= {
            name: str(value)
            for name, value in checks.given(
                campaignClassName=kind, campaignStartDate=start and stamp(start)
            ).items()
        }
        return self._call("messagingCampaignCreate", Registered, body=body)

    def campaigns(self, ids: Sequence[str]) -> list[CampaignStatus]:
        """messagingCampaignStatus: status and numbers of campaigns, a hundred a call."""
        sentence = "A campaign id has letters and digits."
        checks.refuse(
            ids=next(
                (
                    wrong
                    for wrong in (checks.matches(one, "[A-Za-z0-9]{1,40}", sentence) for one in ids)
                    if wrong
                ),
                "",
            )
        )
        found: list[CampaignStatus] = []
        for first in range(0, len(ids), CAMPAIGNS_A_CALL):
            query = {"ids": ",".join(ids[first : first + CAMPAIGNS_A_CALL])}
            found += self._call("messagingCampaignStatus", CampaignStatuses, query=query).campaigns
        return found

    def numbers(self, numbers: Sequence[str]) -> list[MessagingState]:
        """numbersMessagingList: 300 a call, since longer addresses are often refused, and halves
        where even that is too long.
        """
        checks.refuse(numbers=checks.numbers(numbers, 1_000_000) if numbers else "")
        found: list[MessagingState] = []
        waiting = [
            numbers[first : first + checks.A_CALL]
            for first in range(0, len(numbers), checks.A_CALL)
        ]
        while waiting:
            part = waiting.pop(0)
            query = {"numbers": ",".join(part)}
            try:
                found += self._call("numbersMessagingList", MessagingStates, query=query).numbers
            except (Refused, Unavailable) as error:
                if error.status != TOO_LONG or len(part) == 1:
                    raise
                half = len(part) // 2
                waiting[:0] = [part[:half], part[half:]]
        return found

    def number(self, number: str) -> MessagingState:
        """numbersMessagingGet."""
        checks.refuse(number=checks.number(number))
        return self._call("numbersMessagingGet", MessagingState, path={"number": number})

    def route(
        self, number: str, *, inbound: int | None = None, outbound: int | None = None
    ) -> MessagingPatched:
        """numbersMessagingPatch.

        `inbound`: row id of an inbound SMS, 0 to detach; `outbound`: carrier id; None leaves it as
        it is.
        """
        checks.refuse(
            number=checks.number(number),
            inbound="" if (inbound, outbound) != (None, None) else "Nothing to change was given.",
        )
        checks.each(
            {
                "inbound": (inbound, checks.identifier(inbound, "An inbound route", 0)),
                "outbound": (outbound, checks.identifier(outbound, "A carrier's id", 0)),
            }
        )
        body = checks.given(routeIn=inbound, routeOut=outbound)
        return self._call(
            "numbersMessagingPatch", MessagingPatched, path={"number": number}, body=body
        )

    def assign(self, number: str, campaign_id: str) -> Assigned:
        """numbersMessagingCampaignAssign: binds the number to a campaign; a binding elsewhere is
        cleared.
        """
        sentence = "A campaign id has capital letters and digits."
        checks.refuse(
            number=checks.number(number),
            campaign_id=checks.matches(campaign_id, "[A-Z0-9]+", sentence),
        )
        body = {"campaignId": campaign_id}
        return self._call(
            "numbersMessagingCampaignAssign", Assigned, path={"number": number}, body=body
        )

    def unassign(self, number: str, campaign_id: str) -> Unassigned:
        """numbersMessagingCampaignUnassign."""
        checks.refuse(number=checks.number(number), campaign_id=bound(campaign_id))
        query = {"campaignId": campaign_id}
        return self._call(
            "numbersMessagingCampaignUnassign", Unassigned, path={"number": number}, query=query
        )

    def unassign_many(self, numbers: Sequence[str], campaign_id: str) -> BulkUnassigned:
        """numbersMessagingCampaignBulkUnassign: at most 300, one call; some may fail."""
        checks.refuse(
            numbers=checks.numbers(numbers, checks.A_CALL), campaign_id=bound(campaign_id)
        )
        query = {"numbers": ",".join(numbers), "campaignId": campaign_id}
        return self._call("numbersMessagingCampaignBulkUnassign", BulkUnassigned, query=query)


def bound(campaign_id: object) -> str:
    return checks.matches(
        campaign_id, "C[A-Z0-9]{6}", "A campaign id is a C with six capital letters and digits."
    )


def stamp(at: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at.tzinfo else at.isoformat()
