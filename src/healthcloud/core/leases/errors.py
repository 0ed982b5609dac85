"""What can go wrong around leases."""


class LeaseLost(Exception):
    """Another machine has taken over; whatever this transaction did is rolled back."""
