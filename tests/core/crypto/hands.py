"""A clock whose hands a test moves."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Hands:
    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
