-- expand
-- Phones make a key anew for each certificate, so keys whose certificates are long over are forgotten.
CREATE INDEX phone_keys_by_time ON cards.phone_keys (at);
COMMENT ON TABLE cards.phone_keys IS
    'SHA-256 of the public keys certified of late, with the one phone each may be certified for; no private key ever';
COMMENT ON COLUMN cards.phone_keys.at IS 'When it was certified last; forgotten a month later';
GRANT DELETE ON cards.phone_keys TO healthcloud_app;
