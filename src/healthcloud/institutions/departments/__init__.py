"""Departments (科室): an institution's own, each mapped to the city's standard departments where one fits."""

from healthcloud.institutions.departments.actions import add_departments, close_department
from healthcloud.institutions.departments.model import Department, DepartmentWish
from healthcloud.institutions.departments.reads import (
    department_of,
    departments_of,
    find_department,
    require_departments,
)

__all__ = [
    "Department",
    "DepartmentWish",
    "add_departments",
    "close_department",
    "department_of",
    "departments_of",
    "find_department",
    "require_departments",
]
