"""What the edge refuses before any feature sees the request."""

from typing import ClassVar

from healthcloud.core.errors import Forbidden, Malformed, NotFound, WhoActs


class CrossSite(Forbidden):
    """This request came from another site's page, and was refused to protect the person signed in."""

    code = "cross-site"
    zh = "请求来自其他网站的页面，为保护已登录的用户已拒绝。"
    who_acts: ClassVar[WhoActs] = "developer"


class MethodNotAllowed(Malformed):
    """This address does not take this method; see the Allow header."""

    status = 405
    code = "method-not-allowed"
    zh = "该地址不支持此方法，请看 Allow 头。"


class BodyTooSlow(Malformed):
    """The request's body took too long to arrive."""

    status = 408
    code = "body-too-slow"
    zh = "请求内容传输过慢，已放弃接收。"


class BodyTooLarge(Malformed):
    """The request's body is larger than this address accepts."""

    status = 413
    code = "body-too-large"
    zh = "请求内容超过大小限制。"


class MediaTypeNotAccepted(Malformed):
    """The request's body must be application/json."""

    status = 415
    code = "media-type-not-accepted"
    zh = "请求内容必须是 application/json。"


class NoSuchAddress(NotFound):
    """There is nothing at this address."""

    code = "no-such-address"
    zh = "该地址不存在。"
    who_acts: ClassVar[WhoActs] = "developer"
