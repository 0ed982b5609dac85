"""What an institution gets back of a file: its rows sent back with why, and an answer to every local number."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from healthcloud import index
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import IMPORTS
from healthcloud.web.console.import_showing import ONE

router = APIRouter()


@view(router, IMPORTS, f"{ONE}/rejected")
async def rejected_rows(desk: Desk) -> Response:
    """Give the rows sent back as they came, with why; a deed."""
    return _sent(await index.imports.rejected(desk.database, desk.caller, desk.id("import_id")))


@view(router, IMPORTS, f"{ONE}/answers")
async def answered_rows(desk: Desk) -> Response:
    """Give what became of each row; a deed."""
    return _sent(await index.imports.answers(desk.database, desk.caller, desk.id("import_id")))


def _sent(file: index.imports.FileOut) -> Response:
    name = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return StreamingResponse(file.pieces, media_type=file.media_type, headers={"Content-Disposition": name})
