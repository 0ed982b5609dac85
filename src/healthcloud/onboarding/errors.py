"""
What can be wrong with onboarding.

    Unacceptable
    ├── ApplicationUnreadable
    ├── ReportUnreadable
    ├── ReportUntrusted
    ├── ReportOfNobody
    ├── ReportOfAnother
    └── ReportDateWrong
    NotFound
    └── ReportUnknown
    Unavailable
    └── TrustedKeysUnreadable
"""

from healthcloud.core.errors import NotFound, Unacceptable, Unavailable


class ApplicationUnreadable(Unacceptable):
    """The application to connect lacks something; see errors for the place."""

    code = "onboarding-application-unreadable"
    zh = "接入申请不完整，请看 errors 中的位置。"
    who_acts = "institution"


class ReportUnreadable(Unacceptable):
    """This is no conformance report a city signed, or it was altered afterwards."""

    code = "onboarding-report-unreadable"
    zh = "这不是由城市签名的一致性报告，或签名后被改动过。"
    who_acts = "developer"


class ReportUntrusted(Unacceptable):
    """The report is signed by a key this city does not trust; have the case run in the city's own sandbox."""

    code = "onboarding-report-untrusted"
    zh = "签署报告的密钥不在本市信任之列，请在本市的沙箱中重新执行用例。"
    who_acts = "developer"


class ReportOfNobody(Unacceptable):
    """The report does not say of which institution; run the cases for one institution, by its id in the sandbox."""

    code = "onboarding-report-of-nobody"
    zh = "报告没有写明是哪家机构，请在执行用例时指明机构。"
    who_acts = "developer"


class ReportOfAnother(Unacceptable):
    """The report is of an institution with other outside numbers than this one."""

    code = "onboarding-report-of-another"
    zh = "报告中机构的对外编号与本机构不符。"
    who_acts = "institution"


class ReportDateWrong(Unacceptable):
    """The report says that it ended later than now; set the sandbox's clock right and run the cases again."""

    code = "onboarding-report-date-wrong"
    zh = "报告的完成时间晚于现在，请把沙箱时钟调回后重新执行。"
    who_acts = "developer"


class ReportUnknown(NotFound):
    """There is no such report of this institution."""

    code = "onboarding-report-unknown"
    zh = "本机构没有这份报告。"


class TrustedKeysUnreadable(Unavailable):
    """A file of keys whose conformance reports count cannot be read; correct the setting `conformance_key_files`."""

    code = "onboarding-keys-unreadable"
    zh = "受信任的一致性报告公钥文件无法读取，请更正设置 conformance_key_files。"
    who_acts = "administrator"
