"""A change and a look, as the tests of the transport ask them, and what answers them well."""

from typing import Any

from apps.voicetel.client import Client
from tests.client.servers import success

FORWARDED = success({"number": "2015550100", "forwardTo": "2015550199"})
NO_GATEWAYS = success({"gateways": []})


def change(client: Client) -> Any:
    return client.numbers.set_forward("2015550100", "2015550199")


def look(client: Client) -> Any:
    return client.gateways.list()
