"""Golden record: what is shown of a person, each value with its source and rule; no source is ever overwritten."""
