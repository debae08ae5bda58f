/** Rarer objects and clauses than the zoo has, made after it and in the same manner: SQL by the first version that knows it. */
const PARTS: readonly (readonly [since: number, sql: string])[] = [
  [
    10,
    `
CREATE ROLE "Rare ""role""" LOGIN NOINHERIT CREATEDB CONNECTION LIMIT 3 PASSWORD 'x' VALID UNTIL '2031-02-03 04:05:06+00';
COMMENT ON ROLE "Rare ""role""" IS 'It''s %I rare';
GRANT keeper TO "Rare ""role""" WITH ADMIN OPTION; GRANT "Rare ""role""" TO "Zoo Owner";
ALTER ROLE "Rare ""role""" SET search_path TO '$user', "a b", 'c"d'; ALTER ROLE "Rare ""role""" SET "my.setting" TO 'it''s';
DO $zoo$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET search_path TO %L, %L', current_database(), 'public', 'x "y"');
  EXECUTE format('ALTER DATABASE %I SET "app.percent" TO %L', current_database(), '50%s $do$ it''s');
  EXECUTE format('ALTER ROLE "Rare ""role""" IN DATABASE %I SET work_mem TO %L', current_database(), '9MB');
  EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'zoo ''%1$I'' $do$ $do1$');
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO keeper WITH GRANT OPTION', current_database());
END $zoo$;
CREATE SCHEMA rare; GRANT USAGE ON SCHEMA rare TO keeper;
COMMENT ON SCHEMA public IS NULL;
CREATE EXTENSION hstore SCHEMA rare; COMMENT ON EXTENSION hstore IS NULL;
CREATE EXTENSION postgres_fdw SCHEMA rare; COMMENT ON EXTENSION postgres_fdw IS 'ours';
CREATE EXTENSION btree_gist SCHEMA rare;
-- what came with the server or an extension, granted and revoked
REVOKE EXECUTE ON FUNCTION rare.hstore_to_json(rare.hstore) FROM PUBLIC; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO keeper;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_reload_conf() TO keeper; GRANT SELECT ON pg_catalog.pg_authid TO keeper; REVOKE SELECT ON pg_catalog.pg_user FROM PUBLIC;
GRANT SELECT (subconninfo) ON pg_catalog.pg_subscription TO keeper; REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC; REVOKE USAGE ON TYPE rare.hstore FROM PUBLIC;
-- privileges down to nothing
CREATE FUNCTION rare.nobody() RETURNS integer LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION rare.nobody() FROM PUBLIC, postgres;
CREATE TYPE rare.nobody AS ENUM ('a'); REVOKE ALL ON TYPE rare.nobody FROM PUBLIC, postgres;
CREATE DOMAIN rare.checked AS text; CREATE FUNCTION rare.is_fine(rare.checked) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
ALTER DOMAIN rare.checked ADD CONSTRAINT "is ""fine""" CHECK (rare.is_fine(VALUE)); COMMENT ON CONSTRAINT "is ""fine""" ON DOMAIN rare.checked IS 'fine';
REVOKE ALL ON DOMAIN rare.checked FROM PUBLIC;
CREATE TABLE rare.kept (a integer, "B ""b""" integer); REVOKE ALL ON rare.kept FROM postgres; GRANT SELECT ("B ""b""") ON rare.kept TO keeper WITH GRANT OPTION;
SET ROLE keeper; GRANT SELECT ("B ""b""") ON rare.kept TO "Rare ""role"""; RESET ROLE;
ALTER DEFAULT PRIVILEGES IN SCHEMA rare GRANT ALL ON SEQUENCES TO keeper WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE keeper REVOKE ALL ON TABLES FROM keeper; ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO "Rare ""role""";
CREATE PROCEDURAL LANGUAGE "My lang" HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
COMMENT ON LANGUAGE "My lang" IS 'language'; ALTER LANGUAGE "My lang" OWNER TO "Zoo Owner";
CREATE TRUSTED LANGUAGE trusted HANDLER plpgsql_call_handler; REVOKE USAGE ON LANGUAGE trusted FROM PUBLIC; GRANT USAGE ON LANGUAGE trusted TO keeper;
CREATE FUNCTION rare."in my lang"() RETURNS void LANGUAGE "My lang" AS $$ BEGIN END $$;
CREATE COLLATION rare.icu (PROVIDER = icu, LOCALE = 'de-u-co-phonebk'); ALTER COLLATION rare.icu OWNER TO "Zoo Owner"; CREATE COLLATION rare.parts (LC_COLLATE = 'C', LC_CTYPE = 'C.UTF-8');
CREATE TABLE rare.collated (a text COLLATE rare.icu PRIMARY KEY);
CREATE DEFAULT CONVERSION rare."Conv ""c""" FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; CREATE CONVERSION rare.plain FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
ALTER CONVERSION rare.plain OWNER TO "Zoo Owner"; COMMENT ON CONVERSION rare.plain IS 'conversion';
CREATE FUNCTION rare.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'textin'; CREATE FUNCTION rare.to_sql(internal) RETURNS rare.hstore LANGUAGE internal IMMUTABLE AS 'textin';
CREATE TRANSFORM FOR rare.hstore LANGUAGE "My lang" (FROM SQL WITH FUNCTION rare.from_sql(internal), TO SQL WITH FUNCTION rare.to_sql(internal));
COMMENT ON TRANSFORM FOR rare.hstore LANGUAGE "My lang" IS 'transform'; CREATE TRANSFORM FOR text LANGUAGE "My lang" (FROM SQL WITH FUNCTION rare.from_sql(internal));
CREATE CAST (rare.nobody AS integer) WITH INOUT AS IMPLICIT; CREATE CAST (bytea AS rare.hstore) WITHOUT FUNCTION; COMMENT ON CAST (bytea AS rare.hstore) IS 'cast';
`,
  ],
  [
    10,
    `
CREATE ACCESS METHOD "My am" TYPE INDEX HANDLER bthandler; COMMENT ON ACCESS METHOD "My am" IS 'method';
CREATE OPERATOR CLASS rare.ops FOR TYPE integer USING "My am" AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE TABLE rare.indexed (a integer, b text);
CREATE TYPE rare.num AS (n integer);
CREATE FUNCTION rare.lt(rare.num, rare.num) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).n < ($2).n';
CREATE FUNCTION rare.lt(rare.num, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).n < $2';
CREATE FUNCTION rare.ge(rare.num, rare.num) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).n >= ($2).n';
CREATE FUNCTION rare.cmp(rare.num, rare.num) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1).n - ($2).n';
CREATE FUNCTION rare.cmp(rare.num, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1).n - $2';
CREATE FUNCTION rare.far(rare.num, rare.num) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT abs(($1).n - ($2).n)::float8';
CREATE FUNCTION rare.negate(rare.num) RETURNS rare.num LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OPERATOR rare.<# (PROCEDURE = rare.lt, LEFTARG = rare.num, RIGHTARG = rare.num, COMMUTATOR = OPERATOR(rare.>#), NEGATOR = OPERATOR(rare.>=#), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR rare.<# (PROCEDURE = rare.lt, LEFTARG = rare.num, RIGHTARG = integer);
CREATE OPERATOR rare.># (PROCEDURE = rare.lt, LEFTARG = rare.num, RIGHTARG = rare.num, COMMUTATOR = OPERATOR(rare.<#));
CREATE OPERATOR rare.>=# (PROCEDURE = rare.ge, LEFTARG = rare.num, RIGHTARG = rare.num, NEGATOR = OPERATOR(rare.<#));
CREATE OPERATOR rare.!# (PROCEDURE = rare.negate, RIGHTARG = rare.num); CREATE OPERATOR rare.<-># (PROCEDURE = rare.far, LEFTARG = rare.num, RIGHTARG = rare.num);
ALTER OPERATOR rare.!# (NONE, rare.num) OWNER TO "Zoo Owner";
CREATE OPERATOR FAMILY rare."Family ""f""" USING btree; ALTER OPERATOR FAMILY rare."Family ""f""" USING btree OWNER TO "Zoo Owner"; COMMENT ON OPERATOR FAMILY rare."Family ""f""" USING btree IS 'family';
CREATE OPERATOR CLASS rare."Class ""c""" DEFAULT FOR TYPE rare.num USING btree FAMILY rare."Family ""f""" AS OPERATOR 1 rare.<#, OPERATOR 4 rare.>=#, FUNCTION 1 rare.cmp(rare.num, rare.num);
ALTER OPERATOR FAMILY rare."Family ""f""" USING btree ADD OPERATOR 1 rare.<# (rare.num, integer), FUNCTION 1 (rare.num, integer) rare.cmp(rare.num, integer);
ALTER OPERATOR CLASS rare."Class ""c""" USING btree OWNER TO "Zoo Owner"; COMMENT ON OPERATOR CLASS rare."Class ""c""" USING btree IS 'class';
CREATE FUNCTION rare.consistent(internal, rare.num, smallint, oid, internal) RETURNS boolean LANGUAGE internal AS 'gist_box_consistent';
CREATE OPERATOR CLASS rare.near FOR TYPE rare.num USING gist AS OPERATOR 1 rare.<#, OPERATOR 15 rare.<-># FOR ORDER BY float_ops, FUNCTION 1 rare.consistent(internal, rare.num, smallint, oid, internal), STORAGE box;
CREATE OPERATOR CLASS rare.empty FOR TYPE rare.num USING hash AS STORAGE rare.num;
CREATE TABLE rare.by_class (n rare.num PRIMARY KEY);
CREATE TYPE rare.base; CREATE FUNCTION rare.base_in(cstring) RETURNS rare.base LANGUAGE internal IMMUTABLE STRICT AS 'textin'; CREATE FUNCTION rare.base_out(rare.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE rare.base (INPUT = rare.base_in, OUTPUT = rare.base_out, LIKE = text, CATEGORY = 'S', PREFERRED = false, DEFAULT = 'it''s', DELIMITER = ';', COLLATABLE = true);
ALTER TYPE rare.base OWNER TO "Zoo Owner"; COMMENT ON TYPE rare.base IS 'base'; CREATE TABLE rare.uses_base (a rare.base, b rare.base[]);
CREATE TYPE rare.shell;
CREATE TYPE rare.canon; CREATE FUNCTION rare.canon_of(rare.canon) RETURNS rare.canon LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical'; CREATE TYPE rare.canon AS RANGE (SUBTYPE = integer, CANONICAL = rare.canon_of);
CREATE TEXT SEARCH PARSER rare."Parser ""p""" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, HEADLINE = prsd_headline, LEXTYPES = prsd_lextype); COMMENT ON TEXT SEARCH PARSER rare."Parser ""p""" IS 'parser';
CREATE TEXT SEARCH TEMPLATE rare."Template" (INIT = dsimple_init, LEXIZE = dsimple_lexize); CREATE TEXT SEARCH TEMPLATE rare.bare (LEXIZE = dsimple_lexize); COMMENT ON TEXT SEARCH TEMPLATE rare.bare IS 'template';
CREATE TEXT SEARCH DICTIONARY rare."Dict ""d""" (TEMPLATE = rare."Template", Accept = false); CREATE TEXT SEARCH DICTIONARY rare.plain (TEMPLATE = simple, StopWords = 'english'); ALTER TEXT SEARCH DICTIONARY rare.plain OWNER TO "Zoo Owner"; COMMENT ON TEXT SEARCH DICTIONARY rare.plain IS 'dictionary';
CREATE TEXT SEARCH CONFIGURATION rare."Config ""c""" (PARSER = rare."Parser ""p"""); ALTER TEXT SEARCH CONFIGURATION rare."Config ""c""" ADD MAPPING FOR word, asciiword WITH rare."Dict ""d""", english_stem;
ALTER TEXT SEARCH CONFIGURATION rare."Config ""c""" ADD MAPPING FOR int WITH rare.plain; COMMENT ON TEXT SEARCH CONFIGURATION rare."Config ""c""" IS 'config';
CREATE TEXT SEARCH CONFIGURATION rare.copied (COPY = english); CREATE INDEX searched ON rare.indexed USING gin (to_tsvector('rare.copied', b));
`,
  ],
  [
    10,
    `
CREATE FOREIGN DATA WRAPPER rare_fdw HANDLER rare.postgres_fdw_handler VALIDATOR rare.postgres_fdw_validator; ALTER FOREIGN DATA WRAPPER rare_fdw OWNER TO postgres; COMMENT ON FOREIGN DATA WRAPPER rare_fdw IS 'wrapper';
CREATE SERVER "Rare server" FOREIGN DATA WRAPPER rare_fdw OPTIONS (host 'h', dbname 'd''b'); COMMENT ON SERVER "Rare server" IS 'server'; ALTER SERVER "Rare server" OWNER TO postgres;
CREATE USER MAPPING FOR "Rare ""role""" SERVER "Rare server" OPTIONS (user 'u', password 'p''w');
CREATE FOREIGN TABLE rare.far (a integer OPTIONS (column_name 'x "y"'), b text COLLATE "C") SERVER "Rare server" OPTIONS (schema_name 's', table_name 't');
ALTER FOREIGN TABLE rare.far ALTER a SET STATISTICS 12, ALTER b SET STORAGE EXTERNAL; CREATE TRIGGER far_trigger AFTER INSERT ON rare.far FOR EACH ROW EXECUTE PROCEDURE 动物园.touch(); ALTER FOREIGN TABLE rare.far DISABLE TRIGGER far_trigger;
CREATE TABLE rare.mother (a integer NOT NULL, b text DEFAULT 'm', CONSTRAINT positive CHECK (a > 0), CONSTRAINT unchecked CHECK (a < 100) NOT VALID);
CREATE TABLE rare.father (c integer, b text); CREATE TABLE rare.both (d integer, CONSTRAINT positive CHECK (a > 0)) INHERITS (rare.mother, rare.father); ALTER TABLE rare.both VALIDATE CONSTRAINT unchecked;
CREATE TABLE rare.adopted (a integer NOT NULL, b text, CONSTRAINT positive CHECK (a > 0), CONSTRAINT unchecked CHECK (a < 100)); ALTER TABLE rare.adopted INHERIT rare.mother; CREATE FOREIGN TABLE rare.far_child () INHERITS (rare.mother) SERVER "Rare server";
CREATE TABLE rare.keys (a integer, b integer, c circle, UNIQUE (a, b), CONSTRAINT "ex ""c""" EXCLUDE USING gist (c WITH &&, a WITH =) WHERE (b > 0) DEFERRABLE);
CREATE TABLE rare.refs (a integer, b integer, FOREIGN KEY (a, b) REFERENCES rare.keys (a, b) MATCH FULL ON UPDATE SET DEFAULT ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED); ALTER TABLE rare.refs REPLICA IDENTITY NOTHING;
ALTER TABLE rare.keys CLUSTER ON keys_a_b_key; ALTER TABLE rare.keys ALTER a SET NOT NULL, ALTER b SET NOT NULL, REPLICA IDENTITY USING INDEX keys_a_b_key; COMMENT ON INDEX rare.keys_a_b_key IS 'behind a constraint'; ALTER INDEX rare.keys_a_b_key SET (fillfactor = 66);
CREATE SEQUENCE rare."owned ""s""" OWNED BY rare.refs.a; CREATE SEQUENCE rare.down INCREMENT -1 MAXVALUE -5; CREATE UNLOGGED TABLE rare.unlogged (id serial, i integer GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME rare."id ""s""" START 7 CYCLE MAXVALUE 70 CACHE 2));
CREATE RECURSIVE VIEW rare.numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 10; CREATE VIEW rare.checked_view AS SELECT a FROM rare.refs WHERE a > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW rare.no_columns AS SELECT; CREATE VIEW rare.circle AS SELECT 1 AS "A a", 'x'::text COLLATE "C" AS b; CREATE FUNCTION rare.of_circle() RETURNS SETOF rare.circle LANGUAGE sql AS 'SELECT 1, NULL';
CREATE OR REPLACE VIEW rare.circle WITH (security_barrier) AS SELECT "A a", b COLLATE "C" AS b FROM rare.of_circle(); COMMENT ON VIEW rare.circle IS 'circle'; CREATE MATERIALIZED VIEW rare.mat TABLESPACE pg_default AS SELECT a, b FROM rare.refs; CREATE INDEX mat_a ON rare.mat (a) WHERE b > 1; ALTER MATERIALIZED VIEW rare.mat ALTER a SET STATISTICS 5;
CREATE STATISTICS rare."Stat ""s""" (ndistinct) ON a, b FROM rare.mat; COMMENT ON STATISTICS rare."Stat ""s""" IS 'statistics'; ALTER STATISTICS rare."Stat ""s""" OWNER TO "Zoo Owner";
CREATE RULE nothing AS ON INSERT TO rare.refs DO INSTEAD NOTHING; CREATE RULE told AS ON DELETE TO rare.refs DO ALSO (NOTIFY "a b"; DELETE FROM rare.keys WHERE a = OLD.a); ALTER TABLE rare.refs ENABLE ALWAYS RULE told;
CREATE TRIGGER "args ""t""" AFTER UPDATE OF a, b OR DELETE ON rare.refs FOR EACH STATEMENT EXECUTE PROCEDURE 动物园.touch('it''s', '\\x', 'a b'); CREATE TRIGGER truncated BEFORE TRUNCATE ON rare.refs EXECUTE PROCEDURE 动物园.touch();
CREATE CONSTRAINT TRIGGER "from ""t""" AFTER DELETE ON rare.refs FROM rare.keys NOT DEFERRABLE FOR EACH ROW WHEN (OLD.a > 1) EXECUTE PROCEDURE 动物园.touch(); ALTER TRIGGER truncated ON rare.refs DEPENDS ON EXTENSION hstore;
ALTER FUNCTION rare.nobody() DEPENDS ON EXTENSION hstore; ALTER MATERIALIZED VIEW rare.mat DEPENDS ON EXTENSION hstore; ALTER INDEX rare.mat_a DEPENDS ON EXTENSION btree_gist;
CREATE POLICY inserting ON rare.refs FOR INSERT TO CURRENT_USER WITH CHECK (a = 1); CREATE POLICY deleting ON rare.refs FOR DELETE USING (b IN (SELECT b FROM rare.keys));
CREATE FUNCTION rare.windowed(anyelement) RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'; CREATE FUNCTION rare.many(INOUT a integer, OUT b text, VARIADIC c anyarray) RETURNS SETOF record LANGUAGE plpgsql LEAKPROOF PARALLEL RESTRICTED COST 7 ROWS 3 AS $$ BEGIN END $$;
CREATE FUNCTION rare.hyp_acc(internal, VARIADIC "any") RETURNS internal LANGUAGE internal AS 'ordered_set_transition_multi';
CREATE AGGREGATE rare.hyp(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE AGGREGATE rare.least_of(integer) (SFUNC = int4smaller, STYPE = integer, SORTOP = <, COMBINEFUNC = int4smaller, SSPACE = 8); COMMENT ON AGGREGATE rare.least_of(integer) IS 'aggregate'; REVOKE ALL ON FUNCTION rare.least_of(integer) FROM PUBLIC;
CREATE AGGREGATE rare.serial_avg(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg, COMBINEFUNC = numeric_avg_combine, SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = numeric_avg_deserialize, PARALLEL = RESTRICTED);
CREATE AGGREGATE rare.count_all(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE PUBLICATION all_tables FOR ALL TABLES WITH (publish = 'update'); CREATE PUBLICATION "none ""p"""; COMMENT ON PUBLICATION all_tables IS 'publication';
CREATE SUBSCRIPTION "Sub ""s""" CONNECTION 'host=127.0.0.1 password=''x y'' dbname=no' PUBLICATION "one ""p""", two WITH (connect = false, slot_name = NONE, synchronous_commit = local); COMMENT ON SUBSCRIPTION "Sub ""s""" IS 'subscription';
CREATE SUBSCRIPTION slotted CONNECTION 'dbname=no' PUBLICATION p WITH (connect = false, slot_name = 'my_slot');
CREATE EVENT TRIGGER always ON sql_drop EXECUTE PROCEDURE 动物园.on_ddl(); ALTER EVENT TRIGGER always ENABLE ALWAYS; COMMENT ON EVENT TRIGGER always IS 'event';
`,
  ],
  // Names and texts that try to end what they stand in.
  [
    10,
    `
CREATE SCHEMA "evil'; DROP SCHEMA rare CASCADE; --
\r\n*/ $do$ ""x""";
COMMENT ON SCHEMA "evil'; DROP SCHEMA rare CASCADE; --
\r\n*/ $do$ ""x""" IS E'\\x1b[31m''; DROP SCHEMA rare CASCADE; --\\n\\\\';
SET search_path = "evil'; DROP SCHEMA rare CASCADE; --
\r\n*/ $do$ ""x""";
CREATE TABLE "t'; --\n" ("c""); DROP SCHEMA rare CASCADE; --" integer DEFAULT length('''; --'), CONSTRAINT "k'; --\n" CHECK ("c""); DROP SCHEMA rare CASCADE; --" > 0), UNIQUE ("c""); DROP SCHEMA rare CASCADE; --"));
COMMENT ON COLUMN "t'; --\n"."c""); DROP SCHEMA rare CASCADE; --" IS '$$; --'; CREATE TYPE "e'; --\n" AS ENUM ('a''); DROP SCHEMA rare CASCADE; --', E'\\n\\\\');
CREATE FUNCTION "f'; --\n"("p'; --" text DEFAULT '''; --') RETURNS text LANGUAGE sql SET search_path TO "s'; --" AS $body$ SELECT '$function$; --' $body$;
CREATE VIEW "v'; --\n" AS SELECT 1 AS "v'; --"; CREATE TRIGGER "tr'; --\n" BEFORE UPDATE ON "t'; --\n" FOR EACH ROW EXECUTE PROCEDURE 动物园.touch('''; --', E'\\n');
CREATE RULE "r'; --\n" AS ON DELETE TO "t'; --\n" DO INSTEAD NOTHING; CREATE POLICY "p'; --\n" ON "t'; --\n" USING (true); CREATE SERVER "s'; --\n" FOREIGN DATA WRAPPER rare_fdw OPTIONS (host '''; --');
CREATE TEXT SEARCH DICTIONARY "d'; --\n" (TEMPLATE = pg_catalog.synonym, SYNONYMS = synonym_sample, CaseSensitive = true); CREATE PUBLICATION "p'; --\n" FOR TABLE "t'; --\n";
RESET search_path;
`,
  ],
  [
    11,
    `
CREATE TABLE rare.stated (a integer, b text) WITH (parallel_workers = 3); CREATE INDEX stated_two ON rare.stated (lower(b), (a + 1)); ALTER INDEX rare.stated_two ALTER COLUMN 1 SET STATISTICS 11, ALTER COLUMN 2 SET STATISTICS 0;
CREATE TABLE rare.levels (region text, id integer, at date DEFAULT now(), CONSTRAINT levels_check CHECK (id > 0), PRIMARY KEY (region, id, at)) PARTITION BY LIST (region);
CREATE TABLE rare.levels_eu (at date NOT NULL, id integer NOT NULL, dropped integer, region text NOT NULL, CONSTRAINT levels_check CHECK (id > 0)) PARTITION BY RANGE (at); ALTER TABLE rare.levels_eu DROP COLUMN dropped; ALTER TABLE rare.levels ATTACH PARTITION rare.levels_eu FOR VALUES IN ('eu', NULL);
CREATE TABLE rare.levels_eu_1 PARTITION OF rare.levels_eu FOR VALUES FROM (MINVALUE) TO ('2020-01-01') PARTITION BY HASH (id); CREATE TABLE rare.levels_eu_1_0 PARTITION OF rare.levels_eu_1 (id DEFAULT 5) FOR VALUES WITH (MODULUS 1, REMAINDER 0) WITH (fillfactor = 20);
CREATE TABLE rare.levels_rest PARTITION OF rare.levels DEFAULT; CREATE UNIQUE INDEX levels_at ON rare.levels (region, at, id); CREATE TRIGGER on_levels AFTER UPDATE ON rare.levels FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE PROCEDURE 动物园.touch();
COMMENT ON INDEX rare.levels_at IS 'parted'; COMMENT ON TRIGGER on_levels ON rare.levels IS 'parted'; CREATE INDEX only_parent ON ONLY rare.levels (id);
CREATE PROCEDURE rare.settled(a integer DEFAULT 1) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO rare, "a b" SET TimeZone TO 'UTC' AS $$ BEGIN END $$; ALTER PROCEDURE rare.settled(integer) DEPENDS ON EXTENSION hstore;
CREATE DOMAIN rare.domain_array AS integer[] CHECK (array_length(VALUE, 1) < 3);
CREATE PUBLICATION truncating WITH (publish = 'truncate');
`,
  ],
  [
    12,
    `
CREATE COLLATION rare.nondeterministic (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE ACCESS METHOD "My heap" TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE rare.on_heap (a integer) USING "My heap"; CREATE MATERIALIZED VIEW rare.mat_heap USING "My heap" AS SELECT 1 AS a WITH NO DATA;
CREATE STATISTICS rare.mcv (mcv, dependencies) ON a, b FROM rare.refs; CREATE TABLE rare.toasted (a text) WITH (toast.vacuum_truncate = false, vacuum_index_cleanup = off);
ALTER TABLE rare.levels ADD CONSTRAINT to_keys FOREIGN KEY (id, id) REFERENCES rare.keys (a, b); CREATE TABLE rare.to_parted (region text, id integer, at date, FOREIGN KEY (region, id, at) REFERENCES rare.levels);
`,
  ],
  [13, `CREATE PUBLICATION via_root FOR TABLE rare.levels WITH (publish_via_partition_root = true);`],
  [
    14,
    `
ALTER SUBSCRIPTION slotted SET (binary = true, streaming = true); CREATE TABLE rare.lz (a text COMPRESSION pglz, b text);
CREATE STATISTICS rare.one_expression ON (a * 2) FROM rare.refs; CREATE PROCEDURE rare.atomic(INOUT x integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO rare.refs VALUES (x, 1); SELECT x; END;
CREATE TABLE rare.subscripted (a integer); CREATE TABLE rare.subscripted_1 (a integer) WITH (vacuum_truncate = false); CREATE PROCEDURE rare.outs(OUT a integer, b text) LANGUAGE plpgsql AS $$ BEGIN END $$;
`,
  ],
  [
    15,
    `
CREATE TABLE rare.flagged (a integer, on_ boolean); CREATE TABLE rare.flagged_2 (on_ boolean);
CREATE PUBLICATION "columns ""p""" FOR TABLE rare.refs (a, b) WHERE (a > 1 AND b IS NOT NULL); CREATE PUBLICATION in_schema FOR TABLES IN SCHEMA rare;
CREATE PUBLICATION filtered FOR TABLE rare.flagged WHERE (on_ OR a = 1), rare.flagged_2 WHERE (on_);
CREATE UNIQUE INDEX nulls_same ON rare.refs (b) NULLS NOT DISTINCT; ALTER SUBSCRIPTION slotted SET (disable_on_error = true); GRANT SET ON PARAMETER log_statement TO keeper;
`,
  ],
  [
    16,
    `
CREATE COLLATION rare.ruled (PROVIDER = icu, LOCALE = 'und', RULES = '&V << w <<< W'); ALTER SUBSCRIPTION slotted SET (origin = none, password_required = false, run_as_owner = true, streaming = parallel);
CREATE ROLE "granted 16"; GRANT "granted 16" TO keeper WITH ADMIN TRUE, INHERIT FALSE, SET FALSE; SET ROLE keeper; RESET ROLE; ALTER TABLE rare.lz ALTER b SET STORAGE MAIN;
`,
  ],
  [
    17,
    `CREATE COLLATION rare.built (PROVIDER = builtin, LOCALE = 'C.UTF-8'); CREATE EVENT TRIGGER logging ON login EXECUTE PROCEDURE 动物园.on_ddl(); ALTER EVENT TRIGGER logging DISABLE;`,
  ],
  [
    18,
    `
CREATE TABLE rare.modern (id int4range, during daterange, a integer CONSTRAINT "mine ""n""" NOT NULL NO INHERIT, v text GENERATED ALWAYS AS (a::text), s integer GENERATED ALWAYS AS (a + 1) STORED, UNIQUE (id, during WITHOUT OVERLAPS));
CREATE TABLE rare.pk (a integer PRIMARY KEY);
CREATE TABLE rare.modern_ref (id int4range, during daterange, b integer REFERENCES rare.pk NOT ENFORCED, FOREIGN KEY (id, PERIOD during) REFERENCES rare.modern (id, PERIOD during));
CREATE TABLE rare.modern_child (a integer CONSTRAINT own_name NOT NULL) INHERITS (rare.mother); CREATE PUBLICATION stored FOR TABLE rare.modern WITH (publish_generated_columns = stored);
ALTER TABLE rare.both ADD CONSTRAINT late_null NOT NULL d NOT VALID; ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO keeper; CREATE TABLE rare.parted_null (a integer NOT NULL, b integer) PARTITION BY LIST (a); CREATE TABLE rare.parted_null_1 PARTITION OF rare.parted_null (b NOT NULL) FOR VALUES IN (1);
`,
  ],
  [10, 'ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO keeper;'],
];

/** What follows the zoo, as far as a server's version knows it. */
export const rareZooSql = (major: number): string =>
  PARTS.filter(([since]) => since <= major)
    .map(([, sql]) => sql)
    .join('\n');
