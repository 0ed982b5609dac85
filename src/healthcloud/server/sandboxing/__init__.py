"""A sandbox put together: its invented citizens, and its keys for every way in."""
