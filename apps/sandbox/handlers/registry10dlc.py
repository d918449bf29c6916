"""Brands, campaigns, and what numbers are bound to them."""

import re
from datetime import datetime
from typing import Any

from apps.sandbox.handlers.messaging import may_send
from apps.sandbox.handlers.numbers import held
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Brand, Campaign, Number, SmsRow
from apps.sandbox.rules import TEN_DIGITS, Asked, Refusal
from apps.sandbox.world import campaigns

ACCEPTED_BODY = {"result": {"statusCode": "200", "status": "Success"}}
CARRIERS = {0, 16, 17, 19}


@plays("messagingBrandCreate")
def add_brand(asked: Asked) -> dict[str, Any]:
    brand, name = (
        asked.text("messagingBrandId", most=50),
        asked.text("messagingBrandName", most=200),
    )
    if not re.fullmatch(r"B[A-Za-z0-9]+", brand, re.ASCII):
        raise Refusal(400, "Invalid messagingBrandId: B and letters or digits")
    if Brand.objects.filter(brand=brand).exists():
        raise Refusal(400, "Carrier-side validation failed: brand is already registered")
    Brand.objects.create(
        account=asked.account.pk,
        brand=brand,
        name=name,
        description=asked.maybe_text("messagingBrandDescription"),
    )
    return ACCEPTED_BODY


@plays("messagingCampaignCreate")
def add_campaign(asked: Asked) -> dict[str, Any]:
    campaign, description = (
        asked.text("externalCampaignId", most=50),
        asked.text("campaignDescription"),
    )
    brand, start = (
        asked.text("messagingBrandId", most=50),
        asked.maybe_text("campaignStartDate", most=50),
    )
    asked.maybe_text("campaignClassName", most=50)
    if not re.fullmatch(r"[A-Z0-9]+", campaign, re.ASCII):
        raise Refusal(400, "Invalid externalCampaignId: capital letters and digits")
    if start and not _is_date(start):
        raise Refusal(400, "Invalid campaignStartDate")
    if not Brand.objects.filter(account=asked.account.pk, brand=brand).exists():
        raise Refusal(400, "Network rejected the campaign: unknown messagingBrandId")
    if Campaign.objects.filter(pk=campaign).exists():
        raise Refusal(400, "Network rejected the campaign: it is already registered")
    Campaign.objects.create(
        pk=campaign, account=asked.account.pk, brand=brand, description=description, at=asked.at
    )
    return ACCEPTED_BODY


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@plays("messagingCampaignStatus")
def campaign_status(asked: Asked) -> dict[str, Any]:
    ids = _listed(asked, "ids", 100, r"[A-Za-z0-9]+")
    found = []
    for name in ids:
        campaign = campaigns.of(asked.account.pk, name)
        numbers = (
            Number.objects.filter(account=asked.account.pk, campaign=name)
            if campaign
            else Number.objects.none()
        )
        found.append(
            {
                "id": name,
                "status": campaigns.status(campaign, asked.at) if campaign else campaigns.UNKNOWN,
                "numbers": list(numbers.order_by("number").values_list("number", flat=True)),
            }
        )
    return {"campaigns": found}


def _listed(asked: Asked, name: str, most: int, pattern: str) -> list[str]:
    """A comma-separated list of the query, each once, in order."""
    items = list(
        dict.fromkeys(part.strip() for part in asked.query.get(name, "").split(",") if part.strip())
    )
    if not items:
        raise Refusal(400, f"Field Required: {name}")
    if len(items) > most:
        raise Refusal(400, f"Too many {name}: at most {most}")
    if not all(re.fullmatch(pattern, item, re.ASCII) for item in items):
        raise Refusal(400, f"Invalid {name}")
    return items


def _state(asked: Asked, number: Number) -> dict[str, Any]:
    row = SmsRow.objects.filter(pk=number.route_in).first() if number.route_in else None
    campaign = campaigns.of(asked.account.pk, number.campaign) if number.campaign else None
    bound = None
    if campaign:
        network = campaigns.network(campaign.pk)
        status = campaigns.status(campaign, asked.at)
        bound = {
            "id": campaign.pk,
            "status": campaigns.IN_STATE.get(status, status),
            "network": network,
            "upstreamCnpId": campaigns.UPSTREAM[network],
        }
    return {
        "number": number.pk,
        "onAccount": True,
        "carrier": number.carrier,
        "network": campaigns.NETWORK.get(number.carrier),
        "enabled": may_send(number, asked.at),
        "routeIn": number.route_in,
        "resource": row.resource if row else "",
        "campaign": bound,
    }


@plays("numbersMessagingGet")
def messaging_of_number(asked: Asked) -> dict[str, Any]:
    return _state(asked, held(asked))


@plays("numbersMessagingList")
def messaging_of_numbers(asked: Asked) -> dict[str, Any]:
    wanted = _listed(asked, "numbers", 1000, TEN_DIGITS.pattern)
    ours = {
        number.pk: number
        for number in Number.objects.filter(account=asked.account.pk, pk__in=wanted)
    }
    stranger = {
        "onAccount": False,
        "carrier": 0,
        "network": None,
        "enabled": False,
        "routeIn": 0,
        "resource": "",
        "campaign": None,
    }
    return {
        "numbers": [
            _state(asked, ours[number]) if number in ours else {"number": number, **stranger}
            for number in wanted
        ]
    }


@plays("numbersMessagingPatch")
def patch_messaging(asked: Asked) -> dict[str, Any]:
    number = held(asked)
    updated: dict[str, int] = {}
    if "routeIn" in asked.body:
        updated["routeIn"] = row_id = asked.integer("routeIn")
        if row_id and not SmsRow.objects.filter(pk=row_id, account=asked.account.pk).exists():
            raise Refusal(403, "routeIn does not belong to this account")
        number.route_in = row_id
    if "routeOut" in asked.body:
        updated["routeOut"] = number.carrier = asked.integer("routeOut")
        if number.carrier not in CARRIERS:
            raise Refusal(400, "Invalid routeOut: unknown carrier")
    if not updated:
        raise Refusal(400, "No update fields present: routeIn or routeOut")
    number.save()
    return {"number": number.pk, "updated": list(updated)}


@plays("numbersMessagingCampaignAssign")
def assign(asked: Asked) -> dict[str, Any]:
    name = asked.text("campaignId", most=50)
    if not re.fullmatch(r"[A-Z0-9]+", name, re.ASCII):
        raise Refusal(400, "Invalid campaignId")
    number = held(asked)
    if campaigns.of(asked.account.pk, name) is None:
        raise Refusal(404, "Campaign not found")
    before = campaigns.network(number.campaign) if number.campaign else None
    again = number.campaign == name
    network = campaigns.network(name)
    number.campaign, number.carrier = name, campaigns.CARRIER[network]
    number.save()
    return {
        "number": number.pk,
        "campaignId": name,
        "network": network,
        "upstreamCnpId": campaigns.UPSTREAM[network],
        "carrier": number.carrier,
        "previousNetwork": before,
        "previousNetworkCleared": before not in {None, network},
        # this and the next: of a later release, whose client insists on them
        "status": "already" if again else "enabled",
        "alreadyAssigned": again,
    }


def _campaign_of_query(asked: Asked) -> str:
    name = asked.query.get("campaignId", "")
    if not re.fullmatch(r"C[A-Z0-9]{6}", name, re.ASCII):
        raise Refusal(400, "Required query parameter missing or malformed: campaignId")
    return name


def _unbind(number: Number) -> None:
    number.campaign, number.carrier = "", 0
    number.save()


@plays("numbersMessagingCampaignUnassign")
def unassign(asked: Asked) -> dict[str, Any]:
    name, number = _campaign_of_query(asked), held(asked)
    if number.campaign != name:
        raise Refusal(404, "Number is not bound to this campaign")
    _unbind(number)
    network = campaigns.network(name)
    return {
        "number": number.pk,
        "campaignId": name,
        "unassigned": True,
        "network": network,
        "upstreamCnpId": campaigns.UPSTREAM[network],
    }


@plays("numbersMessagingCampaignBulkUnassign")
def unassign_many(asked: Asked) -> dict[str, Any]:
    name, wanted = _campaign_of_query(asked), _listed(asked, "numbers", 1000, TEN_DIGITS.pattern)
    if campaigns.of(asked.account.pk, name) is None:
        raise Refusal(409, "Campaign is not on a supported messaging path")
    done: list[str] = []
    failed: list[dict[str, str]] = []
    ours = {
        number.pk: number
        for number in Number.objects.filter(account=asked.account.pk, pk__in=wanted)
    }
    for text in wanted:
        number = ours.get(text)
        if number is None:
            failed.append({"number": text, "reason": "Number is not on this account"})
        elif number.campaign != name:
            failed.append({"number": text, "reason": "Number is not bound to this campaign"})
        else:
            _unbind(number)
            done.append(text)
    network = campaigns.network(name)
    return {
        "campaignId": name,
        "network": network,
        "upstreamCnpId": campaigns.UPSTREAM[network],
        "unassignedNumbers": done,
        "failed": failed,
    }
