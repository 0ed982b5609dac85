"""What every subject of the index shares: scopes, purposes of keys, the city's own register as a source."""

from uuid import UUID

from healthcloud.core.crypto import Purpose, Use

SUBMIT = "index.submit"
IMPORT = "index.import"
REVIEW = "index.review"
MANAGE = "index.manage"

CONTENT = "index.content"
BLOCK = "index.block"
DIGEST = "index.digest"
IMPORTED = "index.imported"
PRINT = "index.imported-number"

PURPOSES = (
    Purpose(CONTENT, Use.SEAL),
    Purpose(BLOCK, Use.FINGERPRINT),
    Purpose(DIGEST, Use.FINGERPRINT),
    Purpose(IMPORTED, Use.SEAL),
    Purpose(PRINT, Use.FINGERPRINT),
)

# The source of the records that the city itself keeps of its persons; such a record's id is the person's.
CITY = UUID(int=0)
