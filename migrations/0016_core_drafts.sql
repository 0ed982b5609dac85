-- expand
-- What somebody filled in and has not confirmed yet, and how far each resident has read their messages.
CREATE TABLE core.drafts (
    caller_id     uuid        NOT NULL,
    id            uuid        NOT NULL,
    form          text        NOT NULL,
    fields_sealed bytea       NOT NULL CONSTRAINT drafts_fields_sealed CHECK (octet_length(fields_sealed) > 32),
    expires_at    timestamptz NOT NULL,
    CONSTRAINT drafts_pkey PRIMARY KEY (caller_id, id)
);
CREATE INDEX drafts_expiring ON core.drafts (expires_at);
COMMENT ON TABLE core.drafts IS 'Forms filled in and looked at before they are confirmed; sealed, of one account, for two hours.';
GRANT SELECT, INSERT, UPDATE, DELETE ON core.drafts TO healthcloud_app;

CREATE TABLE people.messages_read (
    account_id uuid        NOT NULL,
    up_to      timestamptz NOT NULL,
    CONSTRAINT messages_read_pkey PRIMARY KEY (account_id)
);
COMMENT ON TABLE people.messages_read IS 'The newest message each account has looked at; what is newer is unread';
GRANT SELECT, INSERT, UPDATE ON people.messages_read TO healthcloud_app;
