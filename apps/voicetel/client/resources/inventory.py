"""Free numbers, and where there are any."""

from apps.voicetel.client import checks
from apps.voicetel.client.records.inventory import Bucket, Coverage, Offer, Offers
from apps.voicetel.client.resources.base import Resource

DIMENSIONS = ("state", "city", "rateCenter", "npanxx", "block")


class InventoryResource(Resource):
    """The provider caches both answers for ten minutes."""

    def search(
        self,
        mask: str,
        *,
        quantity: int | None = None,
        province: str | None = None,
        rate_center: str | None = None,
        lata: int | None = None,
    ) -> list[Offer]:
        """inventorySearch: numbers beginning as `mask` says (201, 201555, 201555*); 10 when not
        said, 1000 at most.
        """
        checks.refuse(
            mask=checks.matches(
                mask, r"[0-9*?]{1,11}", "A mask begins with an area code, such as 201 or 201555*."
            )
        )
        checks.each(
            {
                "quantity": (quantity, checks.identifier(quantity, "The quantity", 1, 1000)),
                "province": (province, checks.state(province)),
                "rate_center": (rate_center, checks.some(rate_center, "The rate center", 100)),
                "lata": (lata, checks.identifier(lata, "A LATA", 1, 99_999)),
            }
        )
        query = {"tnMask": mask} | checks.given(
            quantity=quantity, province=province, rateCenter=rate_center, lata=lata
        )
        return self._call("inventorySearch", Offers, query=query).numbers

    def coverage(
        self,
        count_by: str,
        *,
        state: str | None = None,
        city: str | None = None,
        rate_center: str | None = None,
        npa: str | None = None,
        lata: int | None = None,
    ) -> list[Bucket]:
        """inventoryCoverage: how many numbers are free, by state, city, rateCenter, npanxx or
        block.
        """
        checks.refuse(count_by=checks.one_of(count_by, "The dimension", DIMENSIONS))
        checks.each(
            {
                "state": (state, checks.state(state)),
                "city": (city, checks.some(city, "The city", 100)),
                "rate_center": (rate_center, checks.some(rate_center, "The rate center", 100)),
                "npa": (
                    npa,
                    checks.matches(
                        npa,
                        "[2-9][0-9]{2}",
                        "An area code has three digits and begins with 2 to 9.",
                    ),
                ),
                "lata": (lata, checks.identifier(lata, "A LATA", 1, 99_999)),
            }
        )
        query = {"countBy": count_by} | checks.given(
            locState=state, city=city, rcAbbre=rate_center, npa=npa, lata=lata
        )
        return self._call("inventoryCoverage", Coverage, query=query).coverage
