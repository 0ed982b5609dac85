-- expand
-- What hospitals ask citizens to confirm on our page, the one-use codes of the answers, and where browsers may return.
CREATE TABLE exchange.redirect_hosts (
    client_id uuid NOT NULL,
    host      text NOT NULL CONSTRAINT redirect_hosts_host_length CHECK (char_length(host) BETWEEN 1 AND 260),
    CONSTRAINT redirect_hosts_pkey PRIMARY KEY (client_id, host)
);
COMMENT ON TABLE exchange.redirect_hosts IS 'The hosts a citizen''s browser may be sent back to, for each client';
GRANT SELECT, INSERT, DELETE ON exchange.redirect_hosts TO healthcloud_app;

CREATE TABLE exchange.confirmations (
    id             uuid        NOT NULL,
    institution_id uuid        NOT NULL,
    person_id      uuid        NOT NULL,
    state          text        NOT NULL CONSTRAINT confirmations_state_known CHECK (state IN ('asked', 'agreed', 'declined')),
    ends_at        timestamptz NOT NULL,
    used_at        timestamptz,
    body_sealed    bytea       NOT NULL CONSTRAINT confirmations_body_sealed CHECK (octet_length(body_sealed) > 32),
    link_print     bytea       NOT NULL CONSTRAINT confirmations_link_whole CHECK (octet_length(link_print) = 32),
    code_print     bytea                CONSTRAINT confirmations_code_whole CHECK (octet_length(code_print) = 32),
    asked_by       uuid        NOT NULL,
    asked_at       timestamptz NOT NULL,
    CONSTRAINT confirmations_pkey PRIMARY KEY (id),
    CONSTRAINT confirmations_decided_with_code CHECK ((state = 'asked') = (code_print IS NULL))
);
CREATE INDEX confirmations_by_end ON exchange.confirmations (ends_at);
COMMENT ON TABLE exchange.confirmations IS
    'What hospitals ask citizens to confirm: codes as keyed fingerprints, what they carry sealed; forgotten after a day';
GRANT SELECT, INSERT, DELETE, UPDATE (state, ends_at, used_at, body_sealed, code_print)
    ON exchange.confirmations TO healthcloud_app;
