"""`python -m healthcloud_reader`: the command."""

import sys

from healthcloud_reader.terminal import main

sys.exit(main())
