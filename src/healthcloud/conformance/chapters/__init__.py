"""Every case of the suite, in the order in which they are played."""

from healthcloud.conformance.chapters import days, failing, persons, trust, visits

CASES = (*trust.CASES, *persons.CASES, *visits.CASES, *days.CASES, *failing.CASES)
