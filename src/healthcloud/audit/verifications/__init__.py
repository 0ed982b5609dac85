"""Verifications of the chain as a job: once a day, and whenever an audit administrator asks; the outcome is kept."""

from healthcloud.audit.verifications.jobs import KIND, verifying
from healthcloud.audit.verifications.model import Verification
from healthcloud.audit.verifications.reads import ask_verification, last_sound, last_verification

__all__ = ["KIND", "Verification", "ask_verification", "last_sound", "last_verification", "verifying"]
