"""
What the FHIR face refuses, told as OperationOutcomes.

    Problem
    ├── Malformed 400
    │   ├── SearchNotPossible   what is asked for is sealed, or is no parameter
    │   ├── ParameterNotPossible  the same, of other resources
    │   ├── IdentityInAddress   an identity number stands in a URL
    │   ├── SourceUnknown       PIXm: nobody's numbers are of this system
    │   └── Unacceptable 422
    │       ├── NumberNeeded    a Patient without a number of the caller's institution
    │       ├── MaskedContent   a masked Patient comes back as if it were one
    │       ├── PatchWrong      a JSON Patch that does not fit the resource
    │       └── BundleNotTaken  a Bundle that is no batch, or too long
    ├── Forbidden 403
    │   ├── InstitutionNeeded   a record is an institution's, and the caller belongs to none
    │   └── TargetUnknown       PIXm: the caller may ask for no numbers of this system
    ├── NotFound 404
    │   ├── PatientNotFound
    │   └── ResourceNotFound
    └── Conflict 409
        ├── NumberTaken         a create where an update was meant
        ├── RecordRefused       the person index did not take the record
        └── PreconditionFailed 412
            ├── VersionPassed   If-Match names another version
            └── SeveralMatch    If-None-Exist finds more than one
"""

from typing import ClassVar

from healthcloud.core.errors import Conflict, Forbidden, Malformed, NotFound, Unacceptable, WhoActs


class SearchNotPossible(Malformed):
    """Persons' data is sealed: ask by identifier, by _id, by phone, or by the whole name with birthdate; see errors."""

    code = "fhir-search-not-possible"
    zh = "人员信息已加密保存：请按 identifier、_id、phone，或完整姓名加 birthdate 查询，见 errors。"


class ParameterNotPossible(Malformed):
    """This search cannot be asked so; see errors for what cannot, and /fhir/metadata for what can."""

    code = "fhir-parameter-not-possible"
    zh = "不能这样查询：不可用的条件见 errors，可用的条件见 /fhir/metadata。"


class IdentityInAddress(Malformed):
    """An identity number, name, phone or card id must not stand in an address: send it by POST to Patient/_search."""

    code = "fhir-identity-in-address"
    zh = "证件号码、姓名、电话和卡号不得出现在网址中：请用 POST Patient/_search 在正文中发送。"


class SourceUnknown(Malformed):
    """The sourceIdentifier's assigning authority is not known here; it must be system|value."""

    code = "fhir-source-unknown"
    zh = "sourceIdentifier 的发号机构不明；应为 system|value。"


class NumberNeeded(Unacceptable):
    """A Patient needs your institution's own patient number: an identifier with the system named in errors."""

    code = "fhir-number-needed"
    zh = "Patient 须有本机构的患者号：system 见 errors 的 identifier。"


class MaskedContent(Unacceptable):
    """This Patient was masked for you when you read it; send what your own system knows instead."""

    code = "fhir-masked-content"
    zh = "此 Patient 是脱敏后读取的；请发送本系统自己的完整内容。"


class PatchWrong(Unacceptable):
    """This JSON Patch (RFC 6902) does not fit the resource as it stands; nothing was changed."""

    code = "fhir-patch-wrong"
    zh = "该 JSON Patch（RFC 6902）与资源当前内容不符，没有任何改动。"


class BundleNotTaken(Unacceptable):
    """A Bundle sent here must be a batch of at most 50 entries, none a batch itself; nothing was carried out."""

    code = "fhir-bundle-not-taken"
    zh = "这里只接受至多 50 项、不含批处理的 batch 类型 Bundle；没有办理任何一项。"


class InstitutionNeeded(Forbidden):
    """A record is an institution's, and you belong to none."""

    code = "fhir-institution-needed"
    zh = "记录属于医疗机构，而您不属于任何机构。"


class TargetUnknown(Forbidden):
    """You may ask for no identifiers of this targetSystem, or it is not known."""

    code = "fhir-target-unknown"
    zh = "您不可查询该 targetSystem 的标识，或系统未知。"
    who_acts: ClassVar[WhoActs] = "developer"


class PatientNotFound(NotFound):
    """There is no such Patient for you."""

    code = "fhir-patient-not-found"
    zh = "没有您可以查看的这个 Patient。"


class ResourceNotFound(NotFound):
    """There is no such resource for you."""

    code = "fhir-resource-not-found"
    zh = "没有您可以查看的这个资源。"


class NumberTaken(Conflict):
    """Your institution has a record under this number already, and it says something else: update it by PUT."""

    code = "fhir-number-taken"
    zh = "本机构此患者号已有记录且内容不同：请用 PUT 更新。"
    who_acts: ClassVar[WhoActs] = "developer"


class RecordRefused(Conflict):
    """The person index did not take this record; errors says why."""

    code = "fhir-record-refused"
    zh = "人员主索引没有接受该记录，原因见 errors。"


class PreconditionFailed(Conflict):
    """A condition of the request does not hold; nothing was changed."""

    status = 412
    code = "fhir-precondition-failed"
    zh = "请求的前提条件不成立，没有任何改动。"
    who_acts: ClassVar[WhoActs] = "developer"


class VersionPassed(PreconditionFailed):
    """If-Match names another version than the one that stands: read it again."""

    code = "fhir-version-passed"
    zh = "If-Match 指的不是当前版本：请重新读取。"


class SeveralMatch(PreconditionFailed):
    """Several Patients fit the condition of this create: ask more closely."""

    code = "fhir-several-match"
    zh = "有多个 Patient 符合创建条件：请缩小条件。"
