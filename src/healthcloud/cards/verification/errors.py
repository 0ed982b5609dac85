"""
Why a scan is refused, in the words a clerk or a resident can act on.

    Problem
    ├── Unacceptable        what was scanned, or the request itself
    │   ├── CodeUnreadable, InsuranceVoucherShown, ResidentIdShown
    │   ├── CodeForged, CodeSignatureWrong, CityKeyUnknown
    │   ├── TerminalUnknown, SceneUnknown, TooManyCodes
    │   └── SecondFactRequired
    ├── Conflict            the code is ours, and not good here and now
    │   ├── CodeExpired, ClockOff, CertificateExpired, CodeReplayed, PhoneGone
    │   ├── CardFrozen, CardWasCancelled, CardNotActive, CardExpired, HolderDeceased
    │   ├── SecondFactWrong
    │   └── TerminalUnbound
    ├── CardUnknown 404
    ├── SecondFactLocked 429
    └── KeyRevokedMeanwhile 401
"""

from healthcloud.core.errors import Conflict, NotFound, TooMany, Unacceptable, Unauthenticated


class CodeUnreadable(Unacceptable):
    """This is not a health card code; `reason` and `reason_zh` say what is wrong with it."""

    code = "code-unreadable"
    zh = "这不是电子健康卡码，reason_zh 说明原因。"
    who_acts = "clerk"


class InsuranceVoucherShown(Unacceptable):
    """This is a medical insurance e-voucher; ask for the health card code instead."""

    code = "insurance-voucher"
    zh = "这是医保电子凭证，请出示电子健康卡码。"
    who_acts = "clerk"


class ResidentIdShown(Unacceptable):
    """This is a resident identity card; find the patient by document, or ask for the health card code."""

    code = "resident-id-card"
    zh = "这是居民身份证，请按证件查找患者，或请其出示电子健康卡码。"
    who_acts = "clerk"


class CodeForged(Unacceptable):
    """No platform and no enrolled phone of this city made this code within half an hour; ask for a fresh one."""

    code = "code-forged"
    zh = "此码不是本平台或已登记手机在半小时内生成的，请出示最新的码。"
    who_acts = "clerk"


class CodeSignatureWrong(Unacceptable):
    """The signatures of this code are not those of this city and one of its phones; ask for a fresh one."""

    code = "code-signature-wrong"
    zh = "此码的签名不是本市及已登记手机所签，请出示最新的码。"
    who_acts = "clerk"


class CityKeyUnknown(Unacceptable):
    """This phone's certificate is of a key this city does not, or no longer, sign with; renew it with network."""

    code = "city-key-unknown"
    zh = "此手机证书所用的签发密钥不是本市现行密钥，请联网打开健康卡更新后再出示。"
    who_acts = "resident"


class CertificateExpired(Conflict):
    """This phone has been off line too long and its certificate has run out; open the card with network once."""

    code = "certificate-expired"
    zh = "此手机离线太久，证书已过期，请联网打开一次健康卡后再出示。"
    who_acts = "resident"


class CodeExpired(Conflict):
    """This code was shown too late; it is a picture or an old page. Ask for the code on the screen now."""

    code = "code-expired"
    zh = "此码已过期，可能是截图或旧页面，请出示屏幕上的最新码。"
    who_acts = "resident"


class ClockOff(Conflict):
    """
    The clock of the phone is off, or the code is an old picture: it is of `minutes` minutes away from now.

    `direction` says which way. Set the phone's time automatically, or open the code again online.
    """

    code = "clock-off"
    zh = "手机时钟与平台相差 minutes 分钟（behind 偏慢或旧截图，ahead 偏快），请打开自动校时或联网重新打开。"
    who_acts = "resident"


class CodeReplayed(Conflict):
    """This code has just been used at another institution; each code is good for one. Ask for a fresh one."""

    code = "code-replayed"
    zh = "此码刚在另一家机构使用过，一码只限一家机构，请刷新后再出示。"
    who_acts = "resident"


class PhoneGone(Conflict):
    """The phone that made this code has been removed from the card; open the code on a phone in use."""

    code = "phone-removed"
    zh = "生成此码的手机已从健康卡移除，请用在用的手机出示。"
    who_acts = "resident"


class CardFrozen(Conflict):
    """This card is reported lost or stopped; the holder can unfreeze it after verifying their identity again."""

    code = "card-frozen"
    zh = "此卡已挂失或被暂停使用，本人重新核验身份后可解除。"
    who_acts = "resident"


class CardWasCancelled(Conflict):
    """This card is cancelled; the holder can apply again and gets the same card."""

    code = "card-cancelled"
    zh = "此卡已注销，本人可重新申领，卡号不变。"
    who_acts = "resident"


class CardNotActive(Conflict):
    """This card was prepared but not activated yet; the holder activates it by applying with their real name."""

    code = "card-not-active"
    zh = "此卡尚未激活，请本人实名领码后使用。"
    who_acts = "resident"


class CardExpired(Conflict):
    """This temporary card's time is over."""

    code = "card-expired"
    zh = "此临时卡已到期。"
    who_acts = "resident"


class HolderDeceased(Conflict):
    """The holder of this card is recorded as deceased."""

    code = "holder-deceased"
    zh = "持卡人已登记死亡。"


class HolderWithdrawn(Conflict):
    """The registration behind this card was withdrawn; register the patient anew."""

    code = "holder-withdrawn"
    zh = "此卡对应的登记已撤销，请重新登记。"


class CardUnknown(NotFound):
    """There is no card with this number."""

    code = "card-unknown"
    zh = "没有这张健康卡。"
    who_acts = "clerk"


class SecondFactRequired(Unacceptable):
    """A printed code proves little: send a second fact with it, one of `facts`."""

    code = "second-fact-required"
    zh = "纸质码须同时核对第二项信息（facts 所列之一：姓名、证件末四位或人脸）。"
    who_acts = "clerk"


class SecondFactWrong(Conflict):
    """The second fact does not fit this card's holder."""

    code = "second-fact-wrong"
    zh = "第二项信息与持卡人不符。"


class SecondFactLocked(TooMany):
    """Too many wrong second facts for this card; ask for a dynamic code or an identity document."""

    code = "second-fact-locked"
    zh = "此卡的第二项信息错误次数过多，请出示动态码或身份证件。"
    who_acts = "clerk"


class TerminalUnknown(Unacceptable):
    """This terminal is not known at your institution, is retired, or belongs to another program."""

    code = "terminal-unknown"
    zh = "本机构没有此终端，或该终端已停用，或归其他程序使用。"
    who_acts = "institution"


class TerminalUnbound(Conflict):
    """This browser is not bound to a terminal; have the institution's administrator bind it."""

    code = "terminal-unbound"
    zh = "此浏览器未绑定终端，请机构管理员绑定。"
    who_acts = "institution"


class SceneUnknown(Unacceptable):
    """This is no step of treatment (medStepCode) of the current code set."""

    code = "scene-unknown"
    zh = "不是现行代码集中的诊疗环节（medStepCode）。"
    who_acts = "developer"


class KeyRevokedMeanwhile(Unauthenticated):
    """The key that signed this request has been revoked or has expired; use the newer one."""

    code = "key-revoked"
    zh = "签名所用密钥已吊销或到期，请换用新密钥。"
    who_acts = "developer"
