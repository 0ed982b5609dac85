"""
What can be wrong with an HL7 message, told in its ACK.

    Malformed 400            MSA-1 AR: what cannot be read cannot be corrected by the clerk who wrote it
    ├── HeaderMissing        no MSH, or one without its separators
    ├── ControlIdMissing     MSH-10
    ├── CharsetUnknown, CharsetWrong
    ├── MessageUnfinished    it stopped half-way
    ├── KindNotTaken         MSH-9
    └── SegmentWrong         a line that is no segment
    Unacceptable 422         MSA-1 AE: read, and something in it is wrong; ERR-2 names the place
    └── FieldWrong
    MessageTooLarge 413      AR, and the connection is closed
    SenderNotBelieved 403    AR: MSH-4 is nobody's, or not whose line this is
"""

from typing import ClassVar

from healthcloud.core.errors import Forbidden, Malformed, Unacceptable, WhoActs


class HeaderMissing(Malformed):
    """This is no HL7 message: it must begin with MSH, its field separator and the encoding characters of MSH-2."""

    code = "hl7-header-missing"
    zh = "这不是 HL7 报文：应以 MSH、字段分隔符和 MSH-2 编码字符开头。"


class ControlIdMissing(Malformed):
    """MSH-10, the message control id, is missing or longer than 199 characters."""

    code = "hl7-control-id-missing"
    zh = "缺少 MSH-10 消息控制号，或超过 199 个字符。"


class CharsetUnknown(Malformed):
    """MSH-18 names a character set that is not taken: use UNICODE UTF-8, GB 18030-2000, GBK or ASCII."""

    code = "hl7-charset-unknown"
    zh = "不接受 MSH-18 所写的字符集：请用 UNICODE UTF-8、GB 18030-2000、GBK 或 ASCII。"


class CharsetWrong(Malformed):
    """The text is not in the character set that MSH-18 names, or in none that is taken."""

    code = "hl7-charset-wrong"
    zh = "报文内容与 MSH-18 所写的字符集不符，或不是可接受的字符集。"


class SegmentWrong(Malformed):
    """A line is no segment: each begins with three characters and the field separator; see line."""

    code = "hl7-segment-wrong"
    zh = "某一行不是 HL7 段：应以三个字符的段名和字段分隔符开头，行号见 line。"


class MessageUnfinished(Malformed):
    """The message stopped half-way and was not carried out; send it again whole."""

    code = "hl7-message-unfinished"
    zh = "报文中途停止，没有处理，请完整重发。"


class KindNotTaken(Malformed):
    """Messages of this type and event (MSH-9) are not taken; the guide lists those that are."""

    code = "hl7-kind-not-taken"
    zh = "不接受该类型或事件（MSH-9）的报文，可接受的类型见对接指南。"


class FieldWrong(Unacceptable):
    """A field is missing or cannot be read; see errors for which."""

    code = "hl7-field-wrong"
    zh = "有字段缺失或无法读取，请看 errors 中的字段。"
    who_acts: ClassVar[WhoActs] = "institution"


class MessageTooLarge(Malformed):
    """A message may have at most 10 MB; the connection is closed."""

    status = 413
    code = "hl7-message-too-large"
    zh = "报文不得超过 10 MB，连接已关闭。"


class SenderNotBelieved(Forbidden):
    """MSH-4 names no institution that may send over this line: register its number and its address or certificate."""

    code = "hl7-sender-not-believed"
    zh = "MSH-4 所写的机构不能从这个连接发送：请登记该机构编号及其地址或客户端证书。"
    who_acts: ClassVar[WhoActs] = "administrator"
