"""Registration: the same person through any channel, from however many desks at once, is one person."""
