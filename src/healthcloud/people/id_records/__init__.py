"""Identity-card records: what a reader of second-generation cards says beyond name and number, kept sealed."""

from healthcloud.people.id_records.actions import keep_record, record_of, remove_record
from healthcloud.people.id_records.model import CardRecord, IdRecord, read_card

__all__ = ["CardRecord", "IdRecord", "keep_record", "read_card", "record_of", "remove_record"]
