"""`healthcloud version`."""

from platform import python_version

from healthcloud.core.postgres import read_migrations
from healthcloud.server.app import API_VERSION
from healthcloud.server.cli.output import Json, put_facts
from healthcloud.server.operations import program_version


def version(*, as_json: Json = False) -> None:
    """显示程序、接口、数据库结构和 Python 的版本。"""
    facts = {
        "program": program_version(),
        "api": API_VERSION,
        "migration": read_migrations()[-1].name,
        "python": python_version(),
    }
    words = {"program": "程序", "api": "接口", "migration": "数据库结构", "python": "Python"}
    put_facts(facts, words, as_json=as_json)
