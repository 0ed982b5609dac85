-- expand
-- A use the province refuses is kept with its words, and an institution it refuses as a whole with since when.
ALTER TABLE province.usages ADD COLUMN refusal_code text, ADD COLUMN refusal_msg text;
ALTER TABLE province.usages DROP CONSTRAINT usages_state_known;
ALTER TABLE province.usages ADD CONSTRAINT usages_state_known
    CHECK (state IN ('waiting', 'uploaded', 'missed', 'unknown', 'refused')) NOT VALID;
ALTER TABLE province.usages VALIDATE CONSTRAINT usages_state_known;
ALTER TABLE province.usages ADD CONSTRAINT usages_refusal_kept
    CHECK ((state = 'refused') = (refusal_code IS NOT NULL) AND (refusal_code IS NULL) = (refusal_msg IS NULL)) NOT VALID;
ALTER TABLE province.usages VALIDATE CONSTRAINT usages_refusal_kept;
CREATE INDEX usages_refused ON province.usages (ended_at, batch_id) WHERE state = 'refused';
CREATE INDEX usages_refused_of ON province.usages (institution_id, day) WHERE state = 'refused';
CREATE INDEX usages_refused_by_batch ON province.usages (batch_id) WHERE state = 'refused';
COMMENT ON TABLE province.usages IS
    'Each use once; missed: its day was over first; unknown: sent, its day over before an answer; refused: alone in its batch, and the province said no';

ALTER TABLE province.organisations ADD COLUMN held_at timestamptz;
CREATE INDEX organisations_held ON province.organisations (held_at, institution_id) WHERE held_at IS NOT NULL;
COMMENT ON COLUMN province.organisations.held_at IS 'Since when the province refuses the institution as a whole, not a use of it';
