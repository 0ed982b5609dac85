"""What can go wrong with a department."""

from healthcloud.core.errors import Conflict, NotFound


class DepartmentUnknown(NotFound):
    """This institution has no such open department."""

    code = "department-unknown"
    zh = "该机构没有这个在用科室。"
    who_acts = "clerk"


class DepartmentTaken(Conflict):
    """This institution has used this code for a department that is named or classed otherwise, or closed."""

    code = "department-code-taken"
    zh = "该机构的这个科室编码已用于名称或标准科室不同的科室，或已停用的科室。"
