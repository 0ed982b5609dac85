"""The demonstration city: Zaozhuang's real districts, streets and towns, with invented institutions that say so."""

from healthcloud.server.demonstration.city import CityLoaded, load_city

__all__ = ["CityLoaded", "load_city"]
