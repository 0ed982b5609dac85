-- expand
-- Accounts and how they prove themselves, roles, sessions, one-time codes; institutions' machines and their keys.
CREATE SCHEMA access;
GRANT USAGE ON SCHEMA access TO healthcloud_app;

CREATE TABLE access.accounts (
    id              uuid        NOT NULL,
    kind            text        NOT NULL CONSTRAINT accounts_kind_known CHECK (kind IN ('staff', 'resident')),
    state           text        NOT NULL
                    CONSTRAINT accounts_state_known CHECK (state IN ('invited', 'active', 'suspended', 'left')),
    institution_id  uuid,
    name            text,
    login           text,
    phone_sealed    bytea,
    password_hash   text,
    password_set_at timestamptz,
    totp_sealed     bytea,
    totp_step       bigint      NOT NULL DEFAULT 0,
    pin_hash        text,
    created_at      timestamptz NOT NULL,
    signed_in_at    timestamptz,
    ended_at        timestamptz,
    CONSTRAINT accounts_pk PRIMARY KEY (id),
    CONSTRAINT accounts_staff_named CHECK (kind <> 'staff' OR (name IS NOT NULL AND login IS NOT NULL)),
    CONSTRAINT accounts_resident_bare CHECK (
        kind <> 'resident' OR (name IS NULL AND login IS NULL AND institution_id IS NULL AND password_hash IS NULL)
    ),
    CONSTRAINT accounts_active_staff_has_both_factors CHECK (
        kind <> 'staff' OR state <> 'active' OR (password_hash IS NOT NULL AND totp_sealed IS NOT NULL)
    )
);
CREATE INDEX accounts_of_institution ON access.accounts (institution_id, id) WHERE kind = 'staff';
COMMENT ON TABLE access.accounts IS 'Who can sign in: staff by login, password and second factor, residents by a code to their phone';
GRANT SELECT, INSERT, UPDATE ON access.accounts TO healthcloud_app;

CREATE TABLE access.logins (
    login      text NOT NULL,
    account_id uuid NOT NULL,
    CONSTRAINT logins_pk PRIMARY KEY (login)
);
COMMENT ON TABLE access.logins IS 'Login names of staff; a name is never given to a second person, so rows are never deleted';
GRANT SELECT, INSERT ON access.logins TO healthcloud_app;

CREATE TABLE access.phones (
    fingerprint bytea NOT NULL,
    account_id  uuid  NOT NULL,
    CONSTRAINT phones_pk PRIMARY KEY (fingerprint)
);
COMMENT ON TABLE access.phones IS 'Residents'' accounts by the fingerprint of their phone, one row per live key';
GRANT SELECT, INSERT, DELETE ON access.phones TO healthcloud_app;

CREATE TABLE access.past_passwords (
    account_id    uuid        NOT NULL,
    set_at        timestamptz NOT NULL,
    password_hash text        NOT NULL,
    CONSTRAINT past_passwords_pk PRIMARY KEY (account_id, set_at),
    CONSTRAINT past_passwords_account_fk FOREIGN KEY (account_id) REFERENCES access.accounts (id)
);
COMMENT ON TABLE access.past_passwords IS 'Hashes of the last passwords, so that they are not used again';
GRANT SELECT, INSERT, DELETE ON access.past_passwords TO healthcloud_app;

CREATE TABLE access.invitations (
    account_id    uuid        NOT NULL,
    token_hash    bytea       NOT NULL,
    kind          text        NOT NULL
                  CONSTRAINT invitations_kind_known CHECK (kind IN ('both', 'password', 'second-factor')),
    password_hash text,
    totp_sealed   bytea,
    created_by    uuid        NOT NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    used_at       timestamptz,
    CONSTRAINT invitations_pk PRIMARY KEY (account_id, token_hash),
    CONSTRAINT invitations_account_fk FOREIGN KEY (account_id) REFERENCES access.accounts (id),
    CONSTRAINT invitations_spent_is_bare CHECK (used_at IS NULL OR (password_hash IS NULL AND totp_sealed IS NULL))
);
COMMENT ON TABLE access.invitations IS 'One-time tokens with which staff set what they prove themselves by; new factors wait here until confirmed';
GRANT SELECT, INSERT, UPDATE, DELETE ON access.invitations TO healthcloud_app;

CREATE TABLE access.grants (
    account_id     uuid        NOT NULL,
    role           text        NOT NULL,
    institution_id uuid,
    granted_by     uuid        NOT NULL,
    granted_at     timestamptz NOT NULL,
    expires_at     timestamptz,
    mac            bytea       NOT NULL,
    CONSTRAINT grants_pk PRIMARY KEY (account_id, role),
    CONSTRAINT grants_account_fk FOREIGN KEY (account_id) REFERENCES access.accounts (id),
    CONSTRAINT grants_role_known CHECK (role IN (
        'system-administrator', 'security-administrator', 'audit-administrator',
        'institution-administrator', 'clerk', 'doctor', 'city-operator'
    )),
    CONSTRAINT grants_never_to_oneself CHECK (granted_by <> account_id)
);
-- 三员分立: no account holds two of the three, whoever writes the row (GB/T 22239-2019 8.1.4.2).
CREATE UNIQUE INDEX grants_one_administrator ON access.grants (account_id)
    WHERE role IN ('system-administrator', 'security-administrator', 'audit-administrator');
COMMENT ON TABLE access.grants IS 'Roles held now; `mac` covers the row (GB/T 39786-2021 8.4 b), one that does not fit gives nothing';
GRANT SELECT, INSERT, UPDATE, DELETE ON access.grants TO healthcloud_app;

CREATE TABLE access.sessions (
    account_id       uuid        NOT NULL,
    token_hash       bytea       NOT NULL,
    id               uuid        NOT NULL,
    device           text        NOT NULL,
    created_at       timestamptz NOT NULL,
    seen_at          timestamptz NOT NULL,
    idle_until       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    second_factor_at timestamptz,
    ended_at         timestamptz,
    ended_because    text,
    CONSTRAINT sessions_pk PRIMARY KEY (account_id, token_hash),
    CONSTRAINT sessions_account_fk FOREIGN KEY (account_id) REFERENCES access.accounts (id)
);
CREATE INDEX sessions_of_account ON access.sessions (account_id, created_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_overdue ON access.sessions (expires_at);
COMMENT ON TABLE access.sessions IS 'Signed-in browsers by the SM3 digest of their token; the token names the account, so one place answers';
GRANT SELECT, INSERT, UPDATE, DELETE ON access.sessions TO healthcloud_app;

CREATE TABLE access.one_time_codes (
    phone_fingerprint bytea       NOT NULL,
    purpose           text        NOT NULL
                      CONSTRAINT one_time_codes_purpose_known CHECK (purpose IN ('sign-in', 'change-phone')),
    code_mac          bytea       NOT NULL,
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    guesses           integer     NOT NULL DEFAULT 0,
    used_at           timestamptz,
    CONSTRAINT one_time_codes_pk PRIMARY KEY (phone_fingerprint, purpose)
);
CREATE INDEX one_time_codes_overdue ON access.one_time_codes (expires_at);
COMMENT ON TABLE access.one_time_codes IS 'The one code a number may use now for a purpose; a new one takes its place';
GRANT SELECT, INSERT, UPDATE, DELETE ON access.one_time_codes TO healthcloud_app;

CREATE TABLE access.tries (
    subject bytea       NOT NULL,
    since   timestamptz NOT NULL,
    count   integer     NOT NULL,
    CONSTRAINT tries_pk PRIMARY KEY (subject)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX tries_overdue ON access.tries (since);
COMMENT ON TABLE access.tries IS 'How often something was tried of late, by keyed fingerprint of what it is counted for';
GRANT SELECT, INSERT, UPDATE, DELETE ON access.tries TO healthcloud_app;

CREATE TABLE access.clients (
    id               uuid        NOT NULL,
    institution_id   uuid        NOT NULL,
    name             text        NOT NULL,
    scopes           text[]      NOT NULL,
    quota_per_second integer     NOT NULL CONSTRAINT clients_quota_positive CHECK (quota_per_second > 0),
    created_at       timestamptz NOT NULL,
    revoked_at       timestamptz,
    mac              bytea       NOT NULL,
    CONSTRAINT clients_pk PRIMARY KEY (id)
);
CREATE INDEX clients_of_institution ON access.clients (institution_id, id);
COMMENT ON TABLE access.clients IS 'Institutions'' machines; `mac` covers institution and scopes (GB/T 39786-2021 8.4 b)';
GRANT SELECT, INSERT, UPDATE ON access.clients TO healthcloud_app;

CREATE TABLE access.client_keys (
    id             uuid        NOT NULL,
    client_id      uuid        NOT NULL,
    institution_id uuid        NOT NULL,
    place          smallint    NOT NULL CONSTRAINT client_keys_place_known CHECK (place IN (1, 2)),
    algorithm      text        NOT NULL
                   CONSTRAINT client_keys_algorithm_known CHECK (algorithm IN ('HMAC-SM3', 'HMAC-SHA-256')),
    secret_sealed  bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz,
    revoked_at     timestamptz,
    CONSTRAINT client_keys_pk PRIMARY KEY (id),
    CONSTRAINT client_keys_client_fk FOREIGN KEY (client_id) REFERENCES access.clients (id)
);
-- At most two live keys: two places, each held once.
CREATE UNIQUE INDEX client_keys_two_live ON access.client_keys (client_id, place) WHERE revoked_at IS NULL;
COMMENT ON TABLE access.client_keys IS
    'public: keys of institutions'' machines by id; live = revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $at)';
GRANT SELECT, INSERT, UPDATE ON access.client_keys TO healthcloud_app;

CREATE TABLE access.nonces (
    key_id     uuid        NOT NULL,
    nonce      text        NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT nonces_pk PRIMARY KEY (key_id, nonce)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX nonces_overdue ON access.nonces (expires_at);
COMMENT ON TABLE access.nonces IS 'Nonces of signed writes already seen, for as long as their time would be accepted';
GRANT SELECT, INSERT, DELETE ON access.nonces TO healthcloud_app;
