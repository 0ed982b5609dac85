"""What can go wrong with a phone that is to make codes by itself."""

from healthcloud.core.errors import Conflict, NotFound, Unacceptable


class PhonesFull(Conflict):
    """As many phones make codes of this card as may; remove one first."""

    code = "phones-full"
    zh = "此卡可离线出码的手机已达上限，请先移除一部。"
    who_acts = "resident"


class SlotsSpent(Conflict):
    """This card has had too many phones; ask the city's service to give it a new number."""

    code = "phone-slots-spent"
    zh = "此卡登记过的手机过多，请联系市级服务更换卡号。"
    who_acts = "administrator"


class PhoneNotFound(NotFound):
    """There is no such phone on this card."""

    code = "phone-not-found"
    zh = "此卡没有这部手机。"


class PhoneKeyUnusable(Unacceptable):
    """This is no public key of a phone: an uncompressed point (65 bytes) of the curve P-256 is wanted."""

    code = "phone-key-unusable"
    zh = "这不是可用的手机公钥，应为 P-256 曲线上的未压缩点（65 字节）。"
    who_acts = "developer"


class PhoneProofWrong(Unacceptable):
    """The proof is not this key's over this phone and this minute; set the phone's time automatically and try again."""

    code = "phone-proof-wrong"
    zh = "密钥证明与此手机、此公钥或当前时间不符，请打开手机自动校时后重试。"
    who_acts = "resident"


class PhoneKeyTaken(Conflict):
    """This key belongs to another phone already; the phone makes a new key of its own and asks again."""

    code = "phone-key-taken"
    zh = "此密钥已属于另一部手机，请在本机重新生成密钥后再申请。"
    who_acts = "developer"


class LabelTelling(Unacceptable):
    """A phone's name has 1 to 30 characters and holds no number of a person."""

    code = "phone-label"
    zh = "手机名称为 1 至 30 个字符，不得含电话或证件号码。"
    who_acts = "resident"
