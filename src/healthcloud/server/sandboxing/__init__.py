"""A sandbox put together: its invented citizens, its keys for every way in, its clock followed, its calls recorded."""
