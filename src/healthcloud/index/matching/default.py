"""The model shipped with the software: version 1, learned without labels by scripts/learn-matching (decision 0057)."""

from pathlib import Path

import msgspec

from healthcloud.index.matching.model import Model

DEFAULT_MODEL = msgspec.json.decode(Path(__file__).with_name("model.json").read_bytes(), type=Model)
