"""Questions: the review queue, what people decide about records and persons, and the way back from every decision."""
