"""What the tests of this folder hand one another."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from healthcloud.core.db import Database, Transaction

Write = Callable[[Transaction, str], Awaitable[int]]
Effects = Callable[[str], Awaitable[list[str]]]
Later = Callable[[timedelta], Database]
