"""The API's own pages: Swagger UI at /docs, served from here and from nowhere else, and what each problem means."""

from html import escape

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, JSONResponse

from healthcloud.core.errors import NotFound, Problem
from healthcloud.core.http import needs_nothing, problems
from healthcloud.server.catalogue import every_problem

router = APIRouter(tags=["operations"])

_DOCS = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>健康云接口 · Health Cloud API</title>
<link rel="stylesheet" href="/static/vendor/swagger-ui/swagger-ui.css">
<link rel="icon" href="/static/vendor/swagger-ui/favicon-32x32.png">
</head>
<body>
<div id="api"></div>
<script src="/static/vendor/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/static/api/docs.js"></script>
</body>
</html>
"""
_PROBLEM = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{code}</title>
<link rel="stylesheet" href="/static/api/problem.css">
</head>
<body>
<main>
<h1>{zh}</h1>
<p lang="en">{en}</p>
<dl>
<dt>代码 code</dt><dd><code>{code}</code></dd>
<dt>HTTP</dt><dd>{status}</dd>
<dt>由谁处理 who acts</dt><dd>{who_zh} <span lang="en">({who_acts})</span></dd>
</dl>
</main>
</body>
</html>
"""
_WHO = {
    "resident": "本人",
    "clerk": "经办人员",
    "institution": "医疗机构",
    "administrator": "系统管理员",
    "developer": "对接开发人员",
    "nobody": "无须处理，稍后再试",
}


@router.get("/docs", include_in_schema=False, dependencies=[needs_nothing("the API's documentation is public")])
async def docs() -> HTMLResponse:
    """Show Swagger UI."""
    return HTMLResponse(_DOCS)


@router.get(
    "/problems/{code}",
    response_model=None,
    responses={**problems(NotFound), 200: {"content": {"text/html": {}}}},
    dependencies=[needs_nothing("whoever met a problem may read what it means")],
)
async def problem(code: str, request: Request) -> Response:
    """Explain a problem: a page for people, JSON for whoever accepts that."""
    kind = next((one for one in every_problem() if one.code == code), None)
    if kind is None:
        raise NotFound
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(kind().body())
    return HTMLResponse(_page(kind))


def _page(kind: type[Problem]) -> str:
    return _PROBLEM.format(
        code=escape(kind.code),
        zh=escape(kind.zh),
        en=escape(kind().sentence),
        status=kind.status,
        who_acts=kind.who_acts,
        who_zh=_WHO[kind.who_acts],
    )
