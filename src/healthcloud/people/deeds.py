"""The deeds people can read about themselves, and who may do them."""

from healthcloud import audit
from healthcloud.audit import DeedKind
from healthcloud.core.caller import Caller, CallerKind

REGISTERED = "people.registered"
CHILD_REGISTERED = "people.child-registered"
OPENED = "people.opened"
LOOKED_UP = "people.looked-up"
VERIFIED = "people.verified"
DOUBTED = "people.doubted"
CORRECTED = "people.corrected"
CONTACT_CHANGED = "people.contact-changed"
DOCUMENT_ADDED = "people.document-added"
DIED = "people.died"
DEATH_UNDONE = "people.death-undone"
WITHDRAWN = "people.withdrawn"
NUMBER_LINKED = "people.number-linked"
NUMBER_UNLINKED = "people.number-unlinked"
CLAIMED = "people.claimed"
ACCOUNT_ATTACHED = "people.account-attached"
ACCOUNT_DETACHED = "people.account-detached"
MERGED = "people.merged"
UNMERGED = "people.unmerged"
GRANT_ASKED = "people.grant-asked"
GRANT_ACCEPTED = "people.grant-accepted"
GRANT_REFUSED = "people.grant-refused"
GRANT_WITHDRAWN = "people.grant-withdrawn"
CONSENT_GIVEN = "people.consent-given"
CONSENT_WITHDRAWN = "people.consent-withdrawn"
LOADED = "people.loaded"

audit.declare(
    DeedKind(REGISTERED, zh="登记了您的身份信息", en="Your identity was registered"),
    DeedKind(CHILD_REGISTERED, zh="登记了您的新生儿", en="Your newborn child was registered"),
    DeedKind(OPENED, zh="查看了您的完整身份信息", en="Your data was opened unmasked"),
    DeedKind(LOOKED_UP, zh="按证件号码查找了您", en="You were looked up by a document's number"),
    DeedKind(VERIFIED, zh="核验了您的身份", en="Your identity was verified"),
    DeedKind(DOUBTED, zh="人口库核验您的身份未通过", en="The population registry did not confirm your identity"),
    DeedKind(CORRECTED, zh="更正了您的身份信息", en="Your identity data was corrected"),
    DeedKind(CONTACT_CHANGED, zh="更改了您的联系电话", en="Your phone number was changed"),
    DeedKind(DOCUMENT_ADDED, zh="为您增加了证件", en="An identity document was added for you"),
    DeedKind(DIED, zh="登记了死亡", en="A death was recorded"),
    DeedKind(DEATH_UNDONE, zh="撤销了死亡登记", en="A recorded death was undone"),
    DeedKind(WITHDRAWN, zh="撤销了错误的登记", en="A registration made in error was withdrawn"),
    DeedKind(NUMBER_LINKED, zh="关联了您在医院的患者号", en="Your patient number at an institution was linked"),
    DeedKind(NUMBER_UNLINKED, zh="解除了患者号关联", en="A patient number was unlinked from you"),
    DeedKind(CLAIMED, zh="以您的身份实名认证账号", en="An account asked to be verified as you"),
    DeedKind(ACCOUNT_ATTACHED, zh="账号与您的身份绑定", en="An account was tied to you"),
    DeedKind(ACCOUNT_DETACHED, zh="账号与您的身份解除绑定", en="An account was untied from you"),
    DeedKind(MERGED, zh="合并了您的重复登记", en="Two registrations of yours were linked"),
    DeedKind(UNMERGED, zh="撤销了登记合并", en="A link between two registrations was taken back"),
    DeedKind(GRANT_ASKED, zh="申请代办", en="It was asked to act for somebody"),
    DeedKind(GRANT_ACCEPTED, zh="代办授权生效", en="It was agreed to act for somebody"),
    DeedKind(GRANT_REFUSED, zh="拒绝了代办申请", en="A request to act for somebody was refused"),
    DeedKind(GRANT_WITHDRAWN, zh="代办授权终止", en="Acting for somebody ended"),
    DeedKind(CONSENT_GIVEN, zh="作出了同意", en="A consent was given"),
    DeedKind(CONSENT_WITHDRAWN, zh="撤回了同意", en="A consent was withdrawn"),
    DeedKind(LOADED, zh="批量载入了演示居民", en="Synthetic residents were loaded"),
)


def must(caller: Caller, scope: str) -> None:
    """Raise Forbidden unless this is the system itself or a caller who holds the scope."""
    if not is_system(caller):
        caller.must(scope)


def is_system(caller: Caller) -> bool:
    """Tell whether this software itself asks: a job, a reaction, the command line."""
    return caller.kind is CallerKind.SYSTEM
