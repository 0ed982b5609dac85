"""The processes of a city: a parent that keeps the database and its children, web workers, and one runner."""
