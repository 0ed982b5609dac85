"""The batch over the whole index: what is told to the process that runs splink, that process, what it answers."""
