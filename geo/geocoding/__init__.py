"""Addresses -> positions by a service of maps, with the user's own key, and only when asked.

services   what each service is asked and how it answers; opens no connection
asking     one address asked: the only door to the internet beside `geo.streets.download`
locating   rows without a position -> proposals to be verified, and what there is to tell of each
"""

from geo.geocoding.asking import GeocodeServer, geocode_server
from geo.geocoding.locating import Located, locate

__all__ = ["GeocodeServer", "Located", "geocode_server", "locate"]
