"""Resident identity numbers, GB 11643: reading, checking, and folding the old form of 15 digits into 18."""
