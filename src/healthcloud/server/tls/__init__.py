"""HTTPS from the city's own processes: with certificate files of one's own, or of a local authority for trying out."""

from healthcloud.server.tls.authority import NotALocalName
from healthcloud.server.tls.files import (
    TlsFiles,
    TlsFilesIncomplete,
    knowing,
    prepare_files,
    serves_tls,
    tls_files,
    trusting,
)

__all__ = [
    "NotALocalName",
    "TlsFiles",
    "TlsFilesIncomplete",
    "knowing",
    "prepare_files",
    "serves_tls",
    "tls_files",
    "trusting",
]
