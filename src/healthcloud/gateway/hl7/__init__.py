"""HL7: the face for HL7 v2 over MLLP; messages are read strictly, carried out once each, and always acknowledged."""

from healthcloud.gateway.hl7.carrying import Carrier
from healthcloud.gateway.hl7.listening import Listener
from healthcloud.gateway.hl7.serving import open_listener

__all__ = ["Carrier", "Listener", "open_listener"]
