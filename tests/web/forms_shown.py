"""What a console's form carries beside its fields."""

import re

import httpx


def once_in(page: httpx.Response) -> str:
    """Return the key by which the form of a page is carried out once."""
    found = re.search(r'<form method="post" class="fill">\s*<input type="hidden" name="once" value="(\w+)"', page.text)
    assert found, page.text[:3000]
    return found[1]
