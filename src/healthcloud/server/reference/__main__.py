"""`python -m healthcloud.server.reference docs/reference`: write the generated pages anew (`make docs`)."""

import sys
from pathlib import Path

from healthcloud.server.reference import write_pages

if __name__ == "__main__":
    for written in write_pages(Path(sys.argv[1])):
        sys.stderr.write(f"{written}\n")
