"""
The FHIR R4 face over HTTP, under /fhir: each route reads what was sent, has it carried out, and writes the answer.

Callers prove themselves as everywhere: a client by signed request, a member of staff by session. Errors leave as
OperationOutcomes (face.py). The routes of every other resource than Patient are made in routes.py.
"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, needs, needs_nothing
from healthcloud.fhir import errors as wrong
from healthcloud.fhir.asking import CREATED, FORM, PATCH, SAME, answers, ask_of, base_of, respond, searched, takes
from healthcloud.fhir.capability import capability_statement
from healthcloud.fhir.interactions import batch, interact
from healthcloud.fhir.model import DELIVER, OPEN, PREFIX, REGISTER, SUBMIT, Reply
from healthcloud.fhir.routes import ROUTES

router = APIRouter(prefix=PREFIX, tags=["fhir"])
VERSION = "1.0.0"
ANY_SCOPE = needs(SUBMIT, REGISTER, OPEN)
_SEARCH = (wrong.SearchNotPossible, wrong.IdentityInAddress)


@router.get(
    "/metadata",
    response_class=Response,
    responses=answers(),
    dependencies=[needs_nothing("clients ask what a server can do before they sign in")],
)
async def metadata(request: Request, settings: SettingsIn) -> Response:
    """Tell what this server can do 能力声明: a CapabilityStatement."""
    return respond(Reply(200, capability_statement(base_of(request, settings), VERSION)))


@router.post(
    "/", response_class=Response, dependencies=[needs(SUBMIT, REGISTER, OPEN, DELIVER)], include_in_schema=False
)
@router.post(
    "",
    response_class=Response,
    responses=answers(wrong.BundleNotTaken),
    dependencies=[needs(SUBMIT, REGISTER, OPEN, DELIVER)],
    openapi_extra=takes("A Bundle of type batch."),
)
async def post_batch(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Carry a batch of interactions out 批处理; each entry has its own answer."""
    return respond(await batch(database, caller, ask_of(request, settings, "")))


@router.get(
    "/Patient",
    response_class=Response,
    responses=answers(*_SEARCH),
    dependencies=[ANY_SCOPE],
)
async def search_by_get(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Search by _id or by your own patient number 查询; identity numbers go by POST to _search."""
    return respond(await interact(database, caller, ask_of(request, settings, "Patient")))


@router.post(
    "/Patient/_search",
    response_class=Response,
    responses=answers(*_SEARCH),
    dependencies=[ANY_SCOPE],
    openapi_extra=takes("identifier, _id, phone, or name with birthdate.", FORM),
)
async def search_by_post(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Search by what must not stand in an address 查询: identifier, phone, or name with birthdate."""
    return respond(await interact(database, caller, searched(request, settings, "Patient")))


@router.get(
    "/Patient/$ihe-pix",
    response_class=Response,
    responses=answers(wrong.SourceUnknown, wrong.IdentityInAddress, wrong.TargetUnknown, wrong.PatientNotFound),
    dependencies=[ANY_SCOPE],
)
async def cross_reference_by_get(
    request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Return the other identifiers of a patient number or person 标识对照 (IHE PIXm ITI-83)."""
    return respond(await interact(database, caller, ask_of(request, settings, "Patient/$ihe-pix")))


@router.post(
    "/Patient/$ihe-pix",
    response_class=Response,
    responses=answers(wrong.SourceUnknown, wrong.IdentityInAddress, wrong.TargetUnknown, wrong.PatientNotFound),
    dependencies=[ANY_SCOPE],
    openapi_extra=takes("Parameters: sourceIdentifier, targetSystem."),
)
async def cross_reference(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Return the other identifiers of any identifier 标识对照, asked for in Parameters."""
    return respond(await interact(database, caller, ask_of(request, settings, "Patient/$ihe-pix")))


@router.post(
    "/Patient/$match",
    response_class=Response,
    responses=answers(),
    dependencies=[needs(REGISTER, OPEN)],
    openapi_extra=takes("Parameters: resource (a Patient), onlyCertainMatches, count."),
)
async def match_patient(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Tell who a patient may be, best first, with score and grade 患者匹配 (IHE PDQm ITI-119)."""
    return respond(await interact(database, caller, ask_of(request, settings, "Patient/$match")))


@router.post(
    "/Patient",
    response_class=Response,
    responses={
        **answers(
            wrong.NumberNeeded, wrong.MaskedContent, wrong.InstitutionNeeded, wrong.NumberTaken, wrong.RecordRefused,
            wrong.SeveralMatch, *_SEARCH,
        ),
        **CREATED,
    },
    dependencies=[needs(SUBMIT)],
    openapi_extra=takes("A Patient with your institution's patient number."),
)  # fmt: skip
async def create_patient(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Hand a record in 建档; the same number again is the same record, and If-None-Exist is honoured."""
    return respond(await interact(database, caller, ask_of(request, settings, "Patient")))


@router.get(
    "/Patient/{patient_id:uuid}",
    response_class=Response,
    responses={**answers(wrong.PatientNotFound), **SAME},
    dependencies=[ANY_SCOPE],
)
async def read_patient(
    patient_id: UUID, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Read a record of your institution or a person of the city 读取, masked unless you may open it."""
    return respond(await interact(database, caller, ask_of(request, settings, f"Patient/{patient_id}")))


@router.put(
    "/Patient/{patient_id:uuid}",
    response_class=Response,
    responses=answers(
        wrong.PatientNotFound,
        wrong.MaskedContent,
        wrong.InstitutionNeeded,
        wrong.RecordRefused,
        wrong.VersionPassed,
    ),
    dependencies=[needs(SUBMIT)],
    openapi_extra=takes("The whole Patient, as your institution knows it now."),
)
async def update_patient(
    patient_id: UUID, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Hand in a new version of a record of your institution 更新; the former one is kept."""
    return respond(await interact(database, caller, ask_of(request, settings, f"Patient/{patient_id}")))


@router.get(
    "/Patient/{patient_id:uuid}/_history",
    response_class=Response,
    responses=answers(wrong.PatientNotFound),
    dependencies=[ANY_SCOPE],
)
async def read_history(
    patient_id: UUID, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Return every version of a record of your institution 历史版本, the newest first."""
    return respond(await interact(database, caller, ask_of(request, settings, f"Patient/{patient_id}/_history")))


@router.get(
    "/Patient/{patient_id:uuid}/_history/{version}",
    response_class=Response,
    responses=answers(wrong.PatientNotFound),
    dependencies=[ANY_SCOPE],
)
async def read_version(
    patient_id: UUID, version: str, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Read one version of a record of your institution 读取某一版本."""
    path = f"Patient/{patient_id}/_history/{version}"
    return respond(await interact(database, caller, ask_of(request, settings, path)))


@router.patch(
    "/Patient/{patient_id:uuid}",
    response_class=Response,
    responses=answers(
        wrong.PatientNotFound, wrong.MaskedContent, wrong.InstitutionNeeded, wrong.RecordRefused, wrong.VersionPassed,
        wrong.PatchWrong,
    ),
    dependencies=[needs(SUBMIT)],
    openapi_extra=takes("A JSON Patch (RFC 6902).", PATCH),
)  # fmt: skip
async def patch_patient(
    patient_id: UUID, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Change parts of a record of your institution by JSON Patch 部分更新."""
    return respond(await interact(database, caller, ask_of(request, settings, f"Patient/{patient_id}")))


router.routes.extend(ROUTES)
