"""The form hospitals of Shandong speak to their card service: three calls, answered in one line of text."""

from healthcloud.gateway.shandong.face import PATHS, ShandongFace

__all__ = ["PATHS", "ShandongFace"]
