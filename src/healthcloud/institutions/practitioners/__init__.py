"""Practitioners (医务人员): their professional names, their posts at institutions, the accounts they work with."""

from healthcloud.institutions.practitioners.actions import add_practitioner, end_post, link_account
from healthcloud.institutions.practitioners.model import Post, Practitioner, PractitionerWish
from healthcloud.institutions.practitioners.reads import (
    post_numbered,
    posts_of,
    practitioner,
    practitioner_licensed,
    practitioner_of_account,
    practitioners_of,
)

__all__ = [
    "Post",
    "Practitioner",
    "PractitionerWish",
    "add_practitioner",
    "end_post",
    "link_account",
    "post_numbered",
    "posts_of",
    "practitioner",
    "practitioner_licensed",
    "practitioner_of_account",
    "practitioners_of",
]
