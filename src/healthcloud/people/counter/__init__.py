"""The counter: registering over HTTP, the population registry asked on the way."""
