-- expand
-- Foreign keys that `healthcloud db distribute` has taken off while it spreads tables, so that none is lost if it is killed.
CREATE TABLE core.foreign_keys_away (
    relation   text        NOT NULL,
    name       text        NOT NULL,
    definition text        NOT NULL,
    CONSTRAINT foreign_keys_away_pk PRIMARY KEY (relation, name)
);
COMMENT ON TABLE core.foreign_keys_away IS 'Foreign keys to be added again: the table as schema.name, the constraint and what PostgreSQL says it is';
