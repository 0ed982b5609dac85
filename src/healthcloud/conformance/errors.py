"""What conformance refuses."""

from healthcloud.core.errors import NotFound, Unacceptable


class CaseUnknown(NotFound):
    """There is no such case in the conformance suite."""

    code = "conformance-case-unknown"
    zh = "一致性用例中没有这一条。"
    who_acts = "developer"


class FaceNotJudged(Unacceptable):
    """The conformance suite cannot judge this face yet."""

    code = "conformance-face-unknown"
    zh = "一致性用例尚不能评判这一接入方式。"
    who_acts = "developer"
