import type { VersionedSql } from '../../kinds/kind';
import { readerOf } from '../state-pieces';
import { identity, relationName } from './names';

const collations = (locale: string, collate: string, deterministic: string, rules: string): string => `
SELECT ${identity('c', 'coll', 'pg_collation')}, '' AS "from",
       CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'c' THEN 'libc' ELSE '' END AS provider, ${locale} AS locale,
       ${collate}, ${deterministic} AS deterministic, ${rules} AS rules, coalesce(c.collversion, '') AS "recordedVersion",
       coalesce(pg_catalog.pg_collation_actual_version(c.oid), '') AS "actualVersion", false AS refresh
  FROM pg_catalog.pg_collation c WHERE c.oid = $1`;

const OLD_LOCALE = "CASE WHEN c.collprovider = 'i' THEN c.collcollate::text ELSE '' END";
const OLD_COLLATE = `CASE WHEN c.collprovider = 'i' THEN '' ELSE c.collcollate::text END AS collate,
       CASE WHEN c.collprovider = 'i' THEN '' ELSE c.collctype::text END AS ctype`;
const COLLATE = "coalesce(c.collcollate, '') AS collate, coalesce(c.collctype, '') AS ctype";
const NO_RULES = "''";
const RULES = "coalesce(c.collicurules, '')";

const COLLATIONS: VersionedSql = {
  100000: collations(OLD_LOCALE, OLD_COLLATE, 'true', NO_RULES),
  120000: collations(OLD_LOCALE, OLD_COLLATE, 'c.collisdeterministic', NO_RULES),
  150000: collations("coalesce(c.colliculocale, '')", COLLATE, 'c.collisdeterministic', NO_RULES),
  160000: collations("coalesce(c.colliculocale, '')", COLLATE, 'c.collisdeterministic', RULES),
  170000: collations("coalesce(c.colllocale, '')", COLLATE, 'c.collisdeterministic', RULES),
};

export const collationState = readerOf(COLLATIONS);

const statistics = (expressions: string, target: string): string => `
SELECT ${identity('s', 'stx', 'pg_statistic_ext')}, ${relationName('s.stxrelid')} AS "table",
       ARRAY(SELECT k.word FROM (VALUES ('d', 'ndistinct', 1), ('f', 'dependencies', 2), ('m', 'mcv', 3)) AS k(letter, word, place)
              WHERE k.letter = ANY (s.stxkind::text[]) ORDER BY k.place) AS kinds,
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(s.stxkeys::int2[]) WITH ORDINALITY AS k(num, n)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = k.num ORDER BY k.n) AS columns,
       ${expressions} AS expressions, ${target} AS target
  FROM pg_catalog.pg_statistic_ext s WHERE s.oid = $1`;

const EXPRESSIONS = `
coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', 'e' || e.n, 'expression', e.text) ORDER BY e.n)
   FROM pg_catalog.unnest(pg_catalog.pg_get_statisticsobjdef_expressions(s.oid)) WITH ORDINALITY AS e(text, n)), '[]'::json)`;

const STATISTICS: VersionedSql = {
  100000: statistics("'[]'::json", '-1'),
  130000: statistics("'[]'::json", 's.stxstattarget::int4'),
  140000: statistics(EXPRESSIONS, 'coalesce(s.stxstattarget, -1)::int4'),
};

export const statisticsState = readerOf(STATISTICS);
