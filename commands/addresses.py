"""Addresses without coordinates asked of a service of maps: the options, and whom they name."""

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import click

from commands.options import positive

if TYPE_CHECKING:  # numpy and pandas take their time
    from geo.geocoding import GeocodeServer, Located
    from geo.intake import Intake
    from geo.intake.wishes import Wishes

GEOCODERS = ("tianditu", "amap")
"""`geo.geocoding.services.SERVICES`, without importing it; a test compares them."""
GEOCODING = (
    click.option(
        "--geocode",
        type=click.Choice(GEOCODERS),
        help="没有坐标的行按地址联网推算，用自己的密钥 / ask for addresses, with your own key",
    ),
    click.option("--geocode-url", default="", help="地图服务网址 / address of the service"),
    click.option(
        "--geocode-region", help="地址前补的市、区 / put before addresses  [北京市大兴区]"
    ),
    click.option("--proxy", default="", help="http://HOST:PORT（--geocode）"),
    click.option(
        "--timeout-s",
        type=float,
        callback=positive,
        default=10.0,
        show_default=True,
        help="最长等待（--geocode） / longest wait",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The options of asking; without `geocode` nobody is asked."""

    geocode: str | None
    geocode_url: str
    geocode_region: str | None
    proxy: str
    timeout_s: float

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Addresses":
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})


def geocoder(asked: Addresses, table: str) -> "GeocodeServer | None":
    """Return the service to be asked; None: none is. Complains before anything is read.

    Raises
    ------
    InputError
        There is no key, the address is none, or the table has no addresses.
    """
    if asked.geocode is None:
        return None
    from geo.geocoding import geocode_server  # noqa: PLC0415 -- start-up
    from geo.geocoding.locating import require_addresses  # noqa: PLC0415 -- start-up

    require_addresses(table)
    server = geocode_server(
        asked.geocode, url=asked.geocode_url, proxy=asked.proxy, timeout_s=asked.timeout_s
    )
    region = server.region if asked.geocode_region is None else asked.geocode_region
    return replace(server, region=region)


def located_by(server: "GeocodeServer", intake: "Intake", wishes: "Wishes", name: str) -> "Located":
    """Ask the service for the rows of a reading that wait for a place."""
    from geo.geocoding import locate  # noqa: PLC0415 -- start-up

    heading = intake.columns.get("address")
    return locate(intake.unplaced, server, outline=wishes.outline, heading=heading, file=name)
