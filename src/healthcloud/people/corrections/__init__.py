"""Corrections: a name, number, sex or birth date set right at a counter, with evidence, right at the next scan."""
