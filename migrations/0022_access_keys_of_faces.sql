-- expand
-- Keys of the faces that card platforms' own clients speak to, SM2 keys, and the network addresses a client may come from.
ALTER TABLE access.client_keys DROP CONSTRAINT client_keys_algorithm_known;
ALTER TABLE access.client_keys ADD CONSTRAINT client_keys_algorithm_known
    CHECK (algorithm IN ('HMAC-SM3', 'HMAC-SHA-256', 'APP-SECRET', 'SM2')) NOT VALID;
ALTER TABLE access.client_keys VALIDATE CONSTRAINT client_keys_algorithm_known;
COMMENT ON COLUMN access.client_keys.secret_sealed IS
    'What proves a request, sealed with its row: 32 bytes (HMAC), 16 characters (APP-SECRET), or a public point of 65 bytes (SM2)';

ALTER TABLE access.clients ADD COLUMN addresses text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN access.clients.addresses IS 'Networks in CIDR form its requests may come from; none: anywhere. `mac` covers them';
