"""Records: what each source says of a person under its local number, received as it stands and placed."""
