"""Web: HTML by audience, calling features' front doors; it holds no SQL."""
