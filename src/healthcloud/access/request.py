"""What the routes of access take from a request: the policy, the browser it came from, and common shapes of fields."""

from typing import Annotated

from fastapi import Depends, Request
from pydantic import Field

from healthcloud.access.browser import Browser
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.sessions import SESSION_COOKIE, device_name
from healthcloud.core.http import SettingsIn, address_of

Login = Annotated[str, Field(min_length=1, max_length=64)]
Password = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=6, max_length=6, pattern="^[0-9]+$", description="6 digits")]
Phone = Annotated[str, Field(min_length=5, max_length=24)]
InvitationToken = Annotated[str, Field(min_length=64, max_length=64)]


async def _policy(settings: SettingsIn) -> AccessPolicy:
    return AccessPolicy.of(settings)


async def _browser(request: Request) -> Browser:
    return Browser(
        address_of(request), device_name(request.headers.get("user-agent", "")), request.cookies.get(SESSION_COOKIE)
    )


PolicyIn = Annotated[AccessPolicy, Depends(_policy)]
BrowserIn = Annotated[Browser, Depends(_browser)]
