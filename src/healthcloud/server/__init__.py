"""Server: the composition root. It alone knows every feature: application, wiring, command line."""
