"""Patient numbers: what an institution's own system calls a person (patid), linked to one person and back."""
