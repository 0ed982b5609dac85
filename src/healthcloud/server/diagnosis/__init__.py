"""What may be wrong with an installation, and what to do about it: the checks behind `healthcloud doctor`."""

from healthcloud.server.diagnosis.findings import Finding, State, problem_found
from healthcloud.server.diagnosis.kept import kept_findings
from healthcloud.server.diagnosis.machine import machine_findings

__all__ = ["Finding", "State", "kept_findings", "machine_findings", "problem_found"]
