"""The consents a card needs, by the names people's consents know them by: one for phone and counter alike."""

CARD_CONSENT, SENSITIVE_CONSENT = "health-card.open", "health-card.sensitive"
TEXT_VERSION, DAYS = "2026-11", 1826
