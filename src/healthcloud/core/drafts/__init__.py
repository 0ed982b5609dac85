"""Drafts: what somebody filled in, kept sealed for two hours until they confirm it, so that a page can be a GET."""

from healthcloud.core.drafts.actions import draft, forget_expired_drafts, keep_draft
from healthcloud.core.drafts.model import PURPOSES

__all__ = ["PURPOSES", "draft", "forget_expired_drafts", "keep_draft"]
