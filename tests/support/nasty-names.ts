/** Names and bodies that try to fool who reads a dump by its comments. */
export const LONG = '表'.repeat(21);

export const NASTY = `
CREATE SCHEMA "s; Type: TABLE; Schema: public";
CREATE SCHEMA "select";
CREATE SCHEMA "new
line";
CREATE TABLE "new
line"."a
b" ("c
d" integer PRIMARY KEY, "e""f" text);
CREATE INDEX "i
j" ON "new
line"."a
b" ("e""f");
COMMENT ON TABLE "new
line"."a
b" IS '
--
-- Name: fake; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.fake (id integer);
';
CREATE TABLE public."t; Type: VIEW; Schema: public; Owner: postgres" (id integer PRIMARY KEY);
CREATE TABLE "s; Type: TABLE; Schema: public"."x; Type: VIEW; Schema: public; Owner: postgres" (id integer UNIQUE);
CREATE TABLE public."${LONG}" ("${LONG}" integer CONSTRAINT "${LONG.replaceAll('表', '键')}" PRIMARY KEY);
CREATE TABLE "select"."from" ("where" integer, "order" text DEFAULT '; -- Name: x; Type: TABLE; Schema: -; Owner: y');
CREATE FUNCTION "select"."function"() RETURNS text LANGUAGE plpgsql AS $f$
BEGIN
--
-- Name: fake2; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.fake2 (id integer);
RETURN $q$ ; $q$;
END $f$;
CREATE FUNCTION "select".old_style() RETURNS text LANGUAGE sql AS 'SELECT ''it\\''''s
--
-- Name: fake3; Type: TABLE; Schema: public; Owner: postgres
--
''::text';
CREATE TEXT SEARCH DICTIONARY "select"."Dict" (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION "select"."Config" (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION "select"."Config" ALTER MAPPING FOR word WITH "select"."Dict";
CREATE CONVERSION "select".conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TYPE "select".pair AS (a integer, b integer);
CREATE FUNCTION "select".pair_cmp("select".pair, "select".pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE FUNCTION "select".pair_lt("select".pair, "select".pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR "select".<<< (LEFTARG = "select".pair, RIGHTARG = "select".pair, PROCEDURE = "select".pair_lt, COMMUTATOR = OPERATOR("select".>>>));
CREATE OPERATOR FAMILY "select".fam USING btree;
CREATE OPERATOR CLASS "select".ops FOR TYPE "select".pair USING btree FAMILY "select".fam AS OPERATOR 1 "select".<<<, FUNCTION 1 "select".pair_cmp("select".pair, "select".pair);
CREATE DOMAIN "select".dom AS text CHECK (VALUE <> '; ');
ALTER DOMAIN "select".dom ADD CONSTRAINT "later; Type: X" CHECK (VALUE <> E'\\\\') NOT VALID;
CREATE VIEW "select".loop1 AS SELECT 1 AS a;
CREATE VIEW "select".loop2 AS SELECT a FROM "select".loop1;
CREATE OR REPLACE VIEW "select".loop1 AS SELECT a FROM (SELECT 1 AS a) x WHERE EXISTS (SELECT FROM "select"."from");
CREATE TABLE "select".keyed (a integer, b text NOT NULL, CONSTRAINT k PRIMARY KEY (b, a));
CREATE TABLE "select".depends (a integer, b text, c integer);
CREATE VIEW "select".by_key AS SELECT b, a, count(*) AS n FROM "select".keyed GROUP BY b, a;
ALTER TABLE "select".keyed ADD CONSTRAINT u UNIQUE (a) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "select".depends ADD CONSTRAINT f FOREIGN KEY (b, c) REFERENCES "select".keyed MATCH FULL ON DELETE CASCADE;
CREATE TABLE "select".cyc1 (id integer PRIMARY KEY, other integer);
CREATE TABLE "select".cyc2 (id integer PRIMARY KEY REFERENCES "select".cyc1, other integer);
ALTER TABLE "select".cyc1 ADD FOREIGN KEY (other) REFERENCES "select".cyc2;
CREATE TABLE "select".odd ("a,b" integer, "c)" integer, "d'e" text, CONSTRAINT "n)o" UNIQUE ("a,b", "c)") WITH (fillfactor = 90));
`;
