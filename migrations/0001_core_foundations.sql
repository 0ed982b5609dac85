-- expand
-- What runs behind every feature: the outbox, jobs and their schedule, leases, stored answers, monthly partitions.

CREATE SCHEMA IF NOT EXISTS core;
GRANT USAGE ON SCHEMA core TO healthcloud_app;

-- Queues live on changing rows: vacuum by count, not by share of a table that is nearly empty.
CREATE TABLE core.outbox (
    id uuid NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT outbox_pk PRIMARY KEY (id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX outbox_in_order ON core.outbox (at, id);
COMMENT ON TABLE core.outbox IS 'Events of committed transactions, until the relay has made a job of each reaction.';
-- FOR UPDATE asks for the right to update.
GRANT SELECT, INSERT, UPDATE, DELETE ON core.outbox TO healthcloud_app;

CREATE TABLE core.jobs (
    id uuid NOT NULL,
    kind text NOT NULL,
    priority smallint NOT NULL,
    body jsonb NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    done bigint,
    total bigint,
    created_at timestamptz NOT NULL,
    CONSTRAINT jobs_pk PRIMARY KEY (id),
    CONSTRAINT jobs_priority_known CHECK (priority BETWEEN 0 AND 2),
    CONSTRAINT jobs_attempts_counted CHECK (attempts >= 0)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX jobs_due ON core.jobs (kind, priority, due_at, id);
COMMENT ON TABLE core.jobs IS 'Work to be done once `due_at` has come; a job outside a transaction hides itself by moving `due_at`.';
COMMENT ON COLUMN core.jobs.priority IS '0 urgent, 1 normal, 2 bulk';
COMMENT ON COLUMN core.jobs.done IS 'How far a job of many chunks has come, of `total` when that is known.';
GRANT SELECT, INSERT, UPDATE, DELETE ON core.jobs TO healthcloud_app;

CREATE TABLE core.dead_jobs (
    id uuid NOT NULL,
    kind text NOT NULL,
    priority smallint NOT NULL,
    body jsonb NOT NULL,
    attempts integer NOT NULL,
    last_error text NOT NULL,
    created_at timestamptz NOT NULL,
    died_at timestamptz NOT NULL,
    CONSTRAINT dead_jobs_pk PRIMARY KEY (id)
);
CREATE INDEX dead_jobs_in_order ON core.dead_jobs (died_at, id);
COMMENT ON TABLE core.dead_jobs IS 'Jobs that failed too often, for a person to look at, replay or discard.';
GRANT SELECT, INSERT, UPDATE, DELETE ON core.dead_jobs TO healthcloud_app;

CREATE TABLE core.schedule (
    name text NOT NULL,
    next_at timestamptz NOT NULL,
    last_at timestamptz,
    CONSTRAINT schedule_pk PRIMARY KEY (name)
);
COMMENT ON TABLE core.schedule IS 'When each recurring job is next due.';
GRANT SELECT, INSERT, UPDATE, DELETE ON core.schedule TO healthcloud_app;

CREATE TABLE core.leases (
    name text NOT NULL,
    holder uuid NOT NULL,
    fence bigint NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT leases_pk PRIMARY KEY (name)
);
COMMENT ON TABLE core.leases IS 'Who alone may do a thing among many machines; `fence` rises with each change of hands.';
GRANT SELECT, INSERT, UPDATE, DELETE ON core.leases TO healthcloud_app;

CREATE TABLE core.idempotency (
    caller_id uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    status integer,
    answer_sealed bytea,
    expires_at timestamptz NOT NULL,
    CONSTRAINT idempotency_pk PRIMARY KEY (caller_id, route, key)
);
CREATE INDEX idempotency_expiring ON core.idempotency (expires_at);
COMMENT ON TABLE core.idempotency IS 'Answers already given, so that the same request with the same key is answered alike, for a day.';
GRANT SELECT, INSERT, UPDATE, DELETE ON core.idempotency TO healthcloud_app;

-- A feature's migration adds its own partitioned tables here; the application may only ask for their months.
CREATE TABLE core.partitioned (
    parent text NOT NULL,
    keep_months integer,
    CONSTRAINT partitioned_pk PRIMARY KEY (parent),
    CONSTRAINT partitioned_parent_shape CHECK (parent ~ '^[a-z][a-z0-9_]{0,30}\.[a-z][a-z0-9_]{0,50}$'),
    -- Network logs are kept six months at least (网络安全法 第二十一条), so nothing here may go sooner.
    CONSTRAINT partitioned_kept_long_enough CHECK (keep_months >= 6)
);
COMMENT ON TABLE core.partitioned IS 'Tables partitioned by month; `keep_months` NULL means their partitions are never dropped.';
GRANT SELECT ON core.partitioned TO healthcloud_app;

CREATE FUNCTION core.month_partition(parent text, month date) RETURNS text
    LANGUAGE sql STABLE STRICT
    RETURN parent || '_y' || to_char(month::timestamp, 'YYYY') || 'm' || to_char(month::timestamp, 'MM');
COMMENT ON FUNCTION core.month_partition(text, date) IS 'The name of the partition of `parent` that holds `month`.';

-- Months are Asia/Shanghai's (+08 all year). A partition is made aside and attached: ATTACH lets writers of the parent
-- go on, CREATE … PARTITION OF would stop them.
CREATE FUNCTION core.ensure_month_partition(parent text, month date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '4s' SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    first_day date := date_trunc('month', month::timestamp)::date;
    partition_name text := core.month_partition(parent, first_day);
    parent_id text;
    partition_id text;
BEGIN
    -- The row lock lets only one maker of this table's partitions work at a time.
    PERFORM 1 FROM core.partitioned AS p WHERE p.parent = ensure_month_partition.parent FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% is not in core.partitioned', parent USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_regclass(partition_name) IS NOT NULL THEN
        RETURN false;
    END IF;
    parent_id := format('%I.%I', split_part(parent, '.', 1), split_part(parent, '.', 2));
    partition_id := format('%I.%I', split_part(partition_name, '.', 1), split_part(partition_name, '.', 2));
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL)', partition_id, parent_id);
    EXECUTE format(
        'ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
        parent_id,
        partition_id,
        first_day || ' 00:00:00+08',
        (first_day + interval '1 month')::date || ' 00:00:00+08'
    );
    RETURN true;
END
$$;
COMMENT ON FUNCTION core.ensure_month_partition(text, date) IS
    'Make the partition of a table of core.partitioned for the month this day lies in; false when it is there already.';

-- The one place where time is no parameter: a caller must not be able to talk the retention away.
CREATE FUNCTION core.drop_month_partition(parent text, month date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '4s' SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    first_day date := date_trunc('month', month::timestamp)::date;
    partition_name text := core.month_partition(parent, first_day);
    kept integer;
    parent_id text;
    partition_id text;
BEGIN
    SELECT p.keep_months INTO kept FROM core.partitioned AS p WHERE p.parent = drop_month_partition.parent FOR UPDATE;
    IF kept IS NULL THEN
        RAISE EXCEPTION '% keeps its partitions for good', parent USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF first_day + make_interval(months => kept + 1) > statement_timestamp() AT TIME ZONE 'Asia/Shanghai' THEN
        RAISE EXCEPTION '% must be kept for % months', partition_name, kept USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_regclass(partition_name) IS NULL THEN
        RETURN false;
    END IF;
    parent_id := format('%I.%I', split_part(parent, '.', 1), split_part(parent, '.', 2));
    partition_id := format('%I.%I', split_part(partition_name, '.', 1), split_part(partition_name, '.', 2));
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent_id, partition_id);
    EXECUTE format('DROP TABLE %s', partition_id);
    RETURN true;
END
$$;
COMMENT ON FUNCTION core.drop_month_partition(text, date) IS
    'Drop a month older than `keep_months`; false when it is gone already, refused for tables that keep theirs.';

REVOKE ALL ON FUNCTION core.ensure_month_partition(text, date), core.drop_month_partition(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.ensure_month_partition(text, date), core.drop_month_partition(text, date)
    TO healthcloud_app;
