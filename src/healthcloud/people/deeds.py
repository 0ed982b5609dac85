"""The deeds people can read about themselves, and who may do them."""

from healthcloud import audit
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
REVEALED = "people.revealed"
COPIED = "people.copied"
REQUEST_ASKED = "people.request-asked"
REQUEST_WITHDRAWN = "people.request-withdrawn"
REQUEST_ANSWERED = "people.request-answered"
CORRECTION_PROPOSED = "people.correction-proposed"
CORRECTION_DECLINED = "people.correction-declined"
PHOTO_KEPT = "people.photo-kept"
PHOTO_SEEN = "people.photo-seen"
PHOTO_REMOVED = "people.photo-removed"
RECORD_READ = "people.id-record-read"
RECORD_REMOVED = "people.id-record-removed"
FOLLOWED = "people.followed-sources"

audit.declare(
    audit.DeedKind(REGISTERED, zh="登记了您的身份信息", en="Your identity was registered"),
    audit.DeedKind(CHILD_REGISTERED, zh="登记了您的新生儿", en="Your newborn child was registered"),
    audit.DeedKind(OPENED, zh="查看了您的完整身份信息", en="Your data was opened unmasked"),
    audit.DeedKind(LOOKED_UP, zh="按证件号码查找了您", en="You were looked up by a document's number"),
    audit.DeedKind(VERIFIED, zh="核验了您的身份", en="Your identity was verified"),
    audit.DeedKind(DOUBTED, zh="人口库核验您的身份未通过", en="The population registry did not confirm your identity"),
    audit.DeedKind(CORRECTED, zh="更正了您的身份信息", en="Your identity data was corrected"),
    audit.DeedKind(CONTACT_CHANGED, zh="更改了您的联系电话", en="Your phone number was changed"),
    audit.DeedKind(DOCUMENT_ADDED, zh="为您增加了证件", en="An identity document was added for you"),
    audit.DeedKind(DIED, zh="登记了死亡", en="A death was recorded"),
    audit.DeedKind(DEATH_UNDONE, zh="撤销了死亡登记", en="A recorded death was undone"),
    audit.DeedKind(WITHDRAWN, zh="撤销了错误的登记", en="A registration made in error was withdrawn"),
    audit.DeedKind(NUMBER_LINKED, zh="关联了您在医院的患者号", en="Your patient number at an institution was linked"),
    audit.DeedKind(NUMBER_UNLINKED, zh="解除了患者号关联", en="A patient number was unlinked from you"),
    audit.DeedKind(CLAIMED, zh="以您的身份实名认证账号", en="An account asked to be verified as you"),
    audit.DeedKind(ACCOUNT_ATTACHED, zh="账号与您的身份绑定", en="An account was tied to you"),
    audit.DeedKind(ACCOUNT_DETACHED, zh="账号与您的身份解除绑定", en="An account was untied from you"),
    audit.DeedKind(MERGED, zh="合并了您的重复登记", en="Two registrations of yours were linked"),
    audit.DeedKind(UNMERGED, zh="撤销了登记合并", en="A link between two registrations was taken back"),
    audit.DeedKind(GRANT_ASKED, zh="申请代办", en="It was asked to act for somebody"),
    audit.DeedKind(GRANT_ACCEPTED, zh="代办授权生效", en="It was agreed to act for somebody"),
    audit.DeedKind(GRANT_REFUSED, zh="拒绝了代办申请", en="A request to act for somebody was refused"),
    audit.DeedKind(GRANT_WITHDRAWN, zh="代办授权终止", en="Acting for somebody ended"),
    audit.DeedKind(CONSENT_GIVEN, zh="作出了同意", en="A consent was given"),
    audit.DeedKind(CONSENT_WITHDRAWN, zh="撤回了同意", en="A consent was withdrawn"),
    audit.DeedKind(REVEALED, zh="您本人查看了自己的完整信息", en="You looked at your own data unmasked"),
    audit.DeedKind(COPIED, zh="您本人下载了自己的信息副本", en="You downloaded a copy of your data"),
    audit.DeedKind(REQUEST_ASKED, zh="您提出了更正、异议或注销申请", en="You asked for something about your data"),
    audit.DeedKind(REQUEST_WITHDRAWN, zh="您撤回了申请", en="You took a request back"),
    audit.DeedKind(REQUEST_ANSWERED, zh="您的申请已答复", en="Your request was answered"),
    audit.DeedKind(CORRECTION_PROPOSED, zh="提出了更正，等待复核", en="A correction of your data was prepared"),
    audit.DeedKind(CORRECTION_DECLINED, zh="退回了待复核的更正", en="A prepared correction was put aside"),
    audit.DeedKind(PHOTO_KEPT, zh="留存了您的照片", en="Your photograph was kept"),
    audit.DeedKind(PHOTO_SEEN, zh="查看了您的照片", en="Your photograph was looked at"),
    audit.DeedKind(PHOTO_REMOVED, zh="删除了您的照片", en="Your photograph was deleted"),
    audit.DeedKind(RECORD_READ, zh="读取并留存了您身份证上的信息", en="What your identity card says was read and kept"),
    audit.DeedKind(RECORD_REMOVED, zh="删除了留存的身份证信息", en="What was kept of your identity card was deleted"),
    audit.DeedKind(
        FOLLOWED, zh="按各医院的登记更新了您尚未核验的信息", en="Your unverified data follows what hospitals say"
    ),
    audit.DeedKind(LOADED, zh="批量载入了演示居民", en="Synthetic residents were loaded"),
)


def must(caller: Caller, scope: str) -> None:
    """Raise Forbidden unless this is the system itself or a caller who holds the scope."""
    if not is_system(caller):
        caller.must(scope)


def is_system(caller: Caller) -> bool:
    """Tell whether this software itself asks: a job, a reaction, the command line."""
    return caller.kind is CallerKind.SYSTEM
