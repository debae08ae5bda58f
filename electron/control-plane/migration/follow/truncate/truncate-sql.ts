import { quoteIdent, quoteQualified } from '../../../../../shared/model/quote';
import { OWN_CHANGE } from '../ddl/capture-names';
import type { TruncateNames } from './truncate-names';

/**
 * SQL of what tells of emptied tables on servers that do not send TRUNCATE. All tables of a statement are told before the first of them is empty,
 * and again after the last: what stands between these rows and the rows of other changes is known exactly, also when triggers of the application
 * write something.
 */

const at = ({ schema }: TruncateNames, name: string): string => quoteQualified(schema, name);

/** Called by anybody's TRUNCATE, which goes through whatever happens here. */
const noteFunction = (names: TruncateNames): string => `CREATE OR REPLACE FUNCTION ${at(names, names.note)}()
  RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $note$
DECLARE
  told int8;
BEGIN
  INSERT INTO ${at(names, names.log)} (content)
    SELECT jsonb_build_object('when', TG_WHEN, 'depth', pg_trigger_depth(), 'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname,
      'identity', c.relreplident, 'columns', coalesce((SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'typeOid', a.atttypid::int8,
          'typeModifier', a.atttypmod, 'key', c.relreplident = 'f' OR coalesce(i.indkey::int2[] @> ARRAY[a.attnum], false)) ORDER BY a.attnum)
        FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid
          AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'))::text
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = TG_RELID
    RETURNING id INTO told;
  -- It is in the WAL: the table stays empty.
  DELETE FROM ${at(names, names.log)} WHERE id = told;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'Howdah could not note that %.% was emptied: %', TG_TABLE_SCHEMA, TG_TABLE_NAME, SQLERRM;
  RETURN NULL;
END
$note$`;

/** Everything but the triggers, to be run in one transaction. `publication` gets the log. */
export const logStatements = (names: TruncateNames, publication: string): string[] => [
  OWN_CHANGE,
  `CREATE SCHEMA IF NOT EXISTS ${names.schema}`,
  `CREATE TABLE ${at(names, names.log)} (id bigserial PRIMARY KEY, content text NOT NULL)`,
  `REVOKE ALL ON ${at(names, names.log)} FROM PUBLIC`,
  noteFunction(names),
  `REVOKE ALL ON FUNCTION ${at(names, names.note)}() FROM PUBLIC`,
  `ALTER PUBLICATION ${quoteIdent(publication)} ADD TABLE ONLY ${at(names, names.log)}`,
];

interface Table {
  readonly schema: string;
  readonly name: string;
}

/** Makes both triggers of a table, in one message; they fire in every session. */
export function triggerStatement(names: TruncateNames, { schema, name }: Table): string {
  const table = quoteQualified(schema, name);
  const make = (trigger: string, when: string): string =>
    `CREATE TRIGGER ${quoteIdent(trigger)} ${when} TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE PROCEDURE ${at(names, names.note)}(); ` +
    `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${quoteIdent(trigger)}`;
  return `${OWN_CHANGE}; ${make(names.before, 'BEFORE')}; ${make(names.after, 'AFTER')}`;
}

export function dropTriggerStatement(names: TruncateNames, { schema, name }: Table): string {
  const table = quoteQualified(schema, name);
  const drop = (trigger: string): string => `DROP TRIGGER IF EXISTS ${quoteIdent(trigger)} ON ${table}`;
  return `${OWN_CHANGE}; ${drop(names.before)}; ${drop(names.after)}`;
}

/** What is left; triggers of tables that belong to somebody else by now go with the function. */
export const dropLogStatement = (names: TruncateNames): string =>
  `${OWN_CHANGE}; DROP FUNCTION IF EXISTS ${at(names, names.note)}() CASCADE; DROP TABLE IF EXISTS ${at(names, names.log)}`;

/** Tables of `$3` (oids) that have rows of their own and not both triggers; `some`: they have one, or one that is switched off. `$1`, `$2`: schema, function. */
export const UNTOLD = `SELECT n.nspname::text AS schema, c.relname::text AS name, c.oid::int8::text AS oid, count(t.oid) > 0 AS some
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND t.tgfoid = (SELECT p.oid FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace WHERE s.nspname = $1 AND p.proname = $2)
  WHERE c.oid = ANY ($3::oid[]) AND c.relkind = 'r' AND c.relpersistence = 'p'
  GROUP BY n.nspname, c.relname, c.oid HAVING count(*) FILTER (WHERE t.tgenabled = 'A') < 2 ORDER BY 1, 2`;

/** Tables with one of the triggers. `$1`, `$2`: schema, function. */
export const TOLD = `SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name, c.oid::int8::text AS oid
  FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace
  WHERE s.nspname = $1 AND p.proname = $2 ORDER BY 1, 2`;

/** Whether the log is there and travels, and whether the function is. `$1`: schema, `$2`: log, `$3`: function, `$4`: publication. */
export const STATE = `SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'r') AS log,
    EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1 AND p.proname = $3) AS note,
    EXISTS (SELECT FROM pg_catalog.pg_publication_tables t WHERE t.pubname = $4 AND t.schemaname = $1 AND t.tablename = $2) AS published`;

/** Whether the schema is ours and empty. `$1`: schema. */
export const EMPTY = `SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = $1 AND pg_catalog.pg_has_role(n.nspowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid)) AS empty`;
