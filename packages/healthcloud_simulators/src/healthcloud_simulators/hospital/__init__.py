"""
A hospital's information system (HIS) that does not exist: it plays windows, rooms, pharmacy and laboratory.

It knows a city by its protocols only, signs with code of its own, numbers patients by its own rule, speaks its own
dictionary, and can break each rule on purpose. `python -m healthcloud_simulators.hospital` starts one.
"""
