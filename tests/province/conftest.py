"""The city of the tests of uploads."""

from province.cities import city

__all__ = ["city"]
