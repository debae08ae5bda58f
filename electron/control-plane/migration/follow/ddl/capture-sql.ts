import { quoteIdent, quoteLiteral } from '../../../../../shared/model/quote';
import { DDL_PREFIX, MESSAGES_FROM, OWN_CHANGE_NAME, type CaptureNames } from './capture-names';

/**
 * SQL of what notes changes of the structure on a source. Whatever happens in it, the statement of the application goes through: everything is
 * inside an exception block, and waits for no lock longer than a moment.
 */

/** Longest text of a statement that is told. */
const QUERY_LENGTH = 1_000_000;
const FOREIGN_SCHEMAS = String.raw`'^(pg_|information_schema$|howdah_migration$)'`;

/** Named where they are used by people who may not write there. */
const SAFE = `SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s'`;

/** What a table looks like: jsonb, null when there is no such table. Expressions name everything with its schema. */
function shapeFunction(names: CaptureNames, version: number): string {
  const missing =
    version >= 110_000
      ? `CASE WHEN a.atthasmissing AND y.typdelim = ',' THEN (a.attmissingval::text::text[])[1] END`
      : 'NULL::text';
  const generated = version >= 120_000 ? 'a.attgenerated::text' : `''::text`;
  const inherited = version >= 110_000 ? 'AND k.conparentid = 0' : '';
  return `CREATE OR REPLACE FUNCTION ${names.schema}.${names.shapeOf}(table_oid oid) RETURNS jsonb LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp AS $shape$
  SELECT jsonb_build_object('oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'persistence', c.relpersistence,
    'owner', pg_get_userbyid(c.relowner), 'partitionKey', CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
    'bound', pg_get_expr(c.relpartbound, c.oid),
    'options', to_jsonb(c.reloptions), 'parents', coalesce((SELECT jsonb_agg(jsonb_build_object('oid', r.oid::int8, 'schema', m.nspname, 'name', r.relname) ORDER BY h.inhseqno)
      FROM pg_inherits h JOIN pg_class r ON r.oid = h.inhparent JOIN pg_namespace m ON m.oid = r.relnamespace WHERE h.inhrelid = c.oid), '[]'),
    'columns', coalesce((SELECT jsonb_agg(jsonb_build_object('n', a.attnum, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'notNull', a.attnotnull, 'default', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity::text, 'generated', ${generated},
        'collation', CASE WHEN a.attcollation <> y.typcollation THEN (SELECT format('%I.%I', o.nspname, l.collname)
          FROM pg_collation l JOIN pg_namespace o ON o.oid = l.collnamespace WHERE l.oid = a.attcollation) END,
        'local', a.attislocal, 'missing', ${missing}, 'sequence', CASE WHEN a.attidentity <> '' THEN (SELECT jsonb_build_object('schema', m.nspname, 'name', q.relname,
            'type', format_type(s.seqtypid, NULL), 'start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text,
            'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle)
          FROM pg_depend e JOIN pg_sequence s ON s.seqrelid = e.objid JOIN pg_class q ON q.oid = s.seqrelid JOIN pg_namespace m ON m.oid = q.relnamespace
          WHERE e.classid = 'pg_class'::regclass AND e.refclassid = 'pg_class'::regclass AND e.refobjid = c.oid AND e.refobjsubid = a.attnum
            AND e.deptype = 'i' LIMIT 1) END) ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'constraints', coalesce((SELECT jsonb_agg(jsonb_build_object('oid', k.oid::int8, 'name', k.conname, 'type', k.contype::text,
        'def', pg_get_constraintdef(k.oid)) ORDER BY k.contype <> 'p', k.oid)
      FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'p', 'u', 'x', 'f') AND k.coninhcount = 0 ${inherited}), '[]'))
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = table_oid AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ ${FOREIGN_SCHEMAS}
$shape$`;
}

/** What can be said of an object that a command has made or changed, for it to be made elsewhere: jsonb, null when nothing. */
function detailFunction(names: CaptureNames, version: number): string {
  const plainFunction = version >= 110_000 ? `p.prokind IN ('f', 'p')` : 'NOT p.proisagg AND NOT p.proiswindow';
  const partOfIndex =
    version >= 110_000 ? 'EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)' : 'false';
  return `CREATE OR REPLACE FUNCTION ${names.schema}.${names.detail}(class oid, object oid) RETURNS jsonb LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp AS $detail$
  SELECT CASE class
    WHEN 'pg_class'::regclass THEN (SELECT CASE
        WHEN c.relkind IN ('v', 'm') THEN jsonb_build_object('kind', c.relkind, 'schema', n.nspname, 'name', c.relname,
          'def', pg_get_viewdef(c.oid), 'options', to_jsonb(c.reloptions),
          'columns', (SELECT jsonb_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0))
        WHEN c.relkind IN ('i', 'I') THEN (SELECT jsonb_build_object('kind', c.relkind, 'schema', n.nspname, 'name', c.relname,
            'table', i.indrelid::int8, 'def', pg_get_indexdef(c.oid), 'valid', i.indisvalid,
            'dependent', EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) OR ${partOfIndex})
          FROM pg_index i WHERE i.indexrelid = c.oid)
        WHEN c.relkind = 'S' THEN (SELECT jsonb_build_object('kind', c.relkind, 'schema', n.nspname, 'name', c.relname,
            'type', format_type(s.seqtypid, NULL), 'start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text,
            'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle,
            'internal', EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i'),
            'owner', (SELECT jsonb_build_object('table', d.refobjid::int8, 'column', a.attname) FROM pg_depend d
              JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
              WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a' AND d.refobjsubid > 0 LIMIT 1))
          FROM pg_sequence s WHERE s.seqrelid = c.oid)
        ELSE jsonb_build_object('kind', c.relkind, 'schema', n.nspname, 'name', c.relname) END
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = object)
    WHEN 'pg_proc'::regclass THEN (SELECT jsonb_build_object('def', pg_get_functiondef(p.oid)) FROM pg_proc p WHERE p.oid = object AND ${plainFunction})
    WHEN 'pg_type'::regclass THEN (SELECT jsonb_build_object('schema', n.nspname, 'name', t.typname, 'kind', t.typtype, 'labels',
        (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = object)
    WHEN 'pg_trigger'::regclass THEN (SELECT jsonb_build_object('table', t.tgrelid::int8, 'def', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled)
      FROM pg_trigger t WHERE t.oid = object)
    WHEN 'pg_namespace'::regclass THEN (SELECT jsonb_build_object('name', n.nspname) FROM pg_namespace n WHERE n.oid = object)
    WHEN 'pg_constraint'::regclass THEN (SELECT jsonb_build_object('table', k.conrelid::int8) FROM pg_constraint k WHERE k.oid = object)
    WHEN 'pg_statistic_ext'::regclass THEN (SELECT jsonb_build_object('def', pg_get_statisticsobjdef(object)))
  END
$detail$`;
}

/** Writes a message into the WAL of the transaction at hand. */
function tellFunction(names: CaptureNames, version: number): string {
  const write =
    version >= MESSAGES_FROM
      ? `PERFORM pg_logical_emit_message(true, ${quoteLiteral(DDL_PREFIX)}, whole::text);`
      : `INSERT INTO ${names.schema}.${names.log} (content) VALUES (whole::text) RETURNING id INTO told;
  -- It is in the WAL: the table stays empty.
  DELETE FROM ${names.schema}.${names.log} WHERE id = told;`;
  return `CREATE OR REPLACE FUNCTION ${names.schema}.${names.tell}(content jsonb) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $tell$
DECLARE
  whole jsonb := content || jsonb_build_object('token', (SELECT token FROM ${names.schema}.${names.keys}));
  told int8;
BEGIN
  ${write}
END
$tell$`;
}

/** Collects what an event is about. Called by anybody's statement: it fails outside of an event, and nothing of its arguments is run. */
const noteFunction = (names: CaptureNames): string => `CREATE OR REPLACE FUNCTION ${names.schema}.${names.note}(
  event text, tag text, path text, role text) RETURNS void LANGUAGE plpgsql ${SAFE} AS $note$
DECLARE
  content jsonb := jsonb_build_object('event', event, 'tag', tag, 'path', path, 'role', role, 'query', left(current_query(), ${QUERY_LENGTH}));
  list jsonb;
  tables jsonb := '[]';
  one oid;
  was jsonb;
  becomes jsonb;
BEGIN
  IF tag ~ '(PUBLICATION|SUBSCRIPTION|EVENT TRIGGER|EXTENSION|REFRESH MATERIALIZED VIEW|REINDEX)' AND tag !~ '^(CREATE|DROP|ALTER) EXTENSION' THEN
    RETURN;
  END IF;
  IF tag IN ('CREATE TRIGGER', 'ALTER TABLE', 'DROP TRIGGER', 'DROP FUNCTION', 'GRANT', 'REVOKE') AND current_setting(${quoteLiteral(OWN_CHANGE_NAME)}, true) = 'on' THEN
    RETURN;
  END IF;
  IF event = 'table_rewrite' THEN
    PERFORM ${names.schema}.${names.tell}(content || jsonb_build_object('table', pg_event_trigger_table_rewrite_oid()::int8));
    RETURN;
  END IF;
  IF event = 'sql_drop' THEN
    SELECT jsonb_agg(jsonb_build_object('type', o.object_type, 'schema', o.schema_name, 'name', o.object_name, 'identity', o.object_identity,
        'oid', o.objid::int8, 'sub', o.objsubid, 'original', o.original, 'normal', o.normal, 'names', to_jsonb(o.address_names)) ORDER BY o.ordinality)
      INTO list
      FROM pg_event_trigger_dropped_objects() WITH ORDINALITY o
      WHERE NOT o.is_temporary AND coalesce(o.schema_name, o.address_names[1], '') !~ ${FOREIGN_SCHEMAS};
    IF list IS NOT NULL THEN
      DELETE FROM ${names.schema}.${names.shapes} s USING jsonb_array_elements(list) d WHERE s.oid = (d ->> 'oid')::int8::oid AND d ->> 'type' = 'table';
      PERFORM ${names.schema}.${names.tell}(content || jsonb_build_object('dropped', list));
    END IF;
    RETURN;
  END IF;
  SELECT jsonb_agg(jsonb_build_object('type', o.object_type, 'schema', o.schema_name, 'identity', o.object_identity, 'class', o.classid::regclass::text,
      'oid', o.objid::int8, 'sub', o.objsubid, 'tag', o.command_tag, 'detail', ${names.schema}.${names.detail}(o.classid, o.objid)) ORDER BY o.ordinality)
    INTO list
    FROM pg_event_trigger_ddl_commands() WITH ORDINALITY o (classid, objid, objsubid, command_tag, object_type, schema_name, object_identity, in_extension, command, ordinality)
    WHERE NOT o.in_extension AND coalesce(o.schema_name, '') !~ ${FOREIGN_SCHEMAS};
  FOR one IN SELECT DISTINCT coalesce((d -> 'detail' ->> 'table')::int8, (d ->> 'oid')::int8)::oid FROM jsonb_array_elements(list) d
    WHERE d ->> 'class' IN ('pg_class', 'pg_constraint', 'pg_index')
  LOOP
    becomes := ${names.schema}.${names.shapeOf}(one);
    CONTINUE WHEN becomes IS NULL;
    was := NULL;
    SELECT s.shape INTO was FROM ${names.schema}.${names.shapes} s WHERE s.oid = one FOR UPDATE;
    IF was IS NULL THEN
      INSERT INTO ${names.schema}.${names.shapes} (oid, shape) VALUES (one, becomes) ON CONFLICT DO NOTHING;
      IF NOT FOUND THEN
        SELECT s.shape INTO was FROM ${names.schema}.${names.shapes} s WHERE s.oid = one FOR UPDATE;
      END IF;
    END IF;
    IF was IS NOT NULL AND was <> becomes THEN
      UPDATE ${names.schema}.${names.shapes} s SET shape = becomes WHERE s.oid = one;
    END IF;
    tables := tables || jsonb_build_array(jsonb_build_object('before', was, 'after', becomes));
    -- What inherits has changed with it.
    UPDATE ${names.schema}.${names.shapes} s SET shape = x.shape
      FROM (WITH RECURSIVE below AS (SELECT h.inhrelid FROM pg_inherits h WHERE h.inhparent = one
          UNION SELECT h.inhrelid FROM below b JOIN pg_inherits h ON h.inhparent = b.inhrelid)
        SELECT b.inhrelid AS oid, ${names.schema}.${names.shapeOf}(b.inhrelid) AS shape FROM below b) x
      WHERE s.oid = x.oid AND x.shape IS NOT NULL AND s.shape <> x.shape AND tag = 'ALTER TABLE'
        AND x.oid NOT IN (SELECT (d ->> 'oid')::int8::oid FROM jsonb_array_elements(list) d WHERE d ->> 'class' = 'pg_class');
  END LOOP;
  IF list IS NOT NULL THEN
    PERFORM ${names.schema}.${names.tell}(content || jsonb_build_object('commands', list, 'tables', tables));
  END IF;
END
$note$`;

const failedFunction = (
  names: CaptureNames,
): string => `CREATE OR REPLACE FUNCTION ${names.schema}.${names.failed}(tag text, reason text) RETURNS void LANGUAGE plpgsql ${SAFE} AS $failed$
BEGIN
  PERFORM ${names.schema}.${names.tell}(jsonb_build_object('event', 'failed', 'tag', tag, 'path', '', 'role', '', 'reason', reason,
    'query', left(current_query(), ${QUERY_LENGTH})));
END
$failed$`;

/** Runs as whoever runs the statement, with his search path: every name in it is written out. */
const triggerFunction = (
  names: CaptureNames,
): string => `CREATE OR REPLACE FUNCTION ${names.schema}.${names.trigger}() RETURNS event_trigger LANGUAGE plpgsql AS $trigger$
BEGIN
  PERFORM ${names.schema}.${names.note}(TG_EVENT, TG_TAG, pg_catalog.current_setting('search_path'), CURRENT_USER::pg_catalog.text);
EXCEPTION WHEN OTHERS THEN
  BEGIN
    PERFORM ${names.schema}.${names.failed}(TG_TAG, SQLERRM);
  EXCEPTION WHEN OTHERS THEN
    NULL;
  END;
END
$trigger$`;

/** Everything of a task, to be run in one transaction. `token` is the secret; `publication` gets the log of changes below 14. */
export function captureStatements(
  names: CaptureNames,
  order: { readonly version: number; readonly publication: string; readonly token: string },
): string[] {
  const { version } = order;
  const at = (name: string): string => `${names.schema}.${name}`;
  const log = version < MESSAGES_FROM;
  return [
    `CREATE SCHEMA IF NOT EXISTS ${names.schema}`,
    `GRANT USAGE ON SCHEMA ${names.schema} TO PUBLIC`,
    `CREATE TABLE IF NOT EXISTS ${at(names.keys)} (token text NOT NULL)`,
    `INSERT INTO ${at(names.keys)} SELECT ${quoteLiteral(order.token)} WHERE NOT EXISTS (SELECT FROM ${at(names.keys)})`,
    `CREATE TABLE IF NOT EXISTS ${at(names.shapes)} (oid oid PRIMARY KEY, shape jsonb NOT NULL)`,
    ...(log ? [`CREATE TABLE IF NOT EXISTS ${at(names.log)} (id bigserial PRIMARY KEY, content text NOT NULL)`] : []),
    `REVOKE ALL ON ${[names.keys, names.shapes, ...(log ? [names.log] : [])].map(at).join(', ')} FROM PUBLIC`,
    shapeFunction(names, version),
    detailFunction(names, version),
    tellFunction(names, version),
    noteFunction(names),
    failedFunction(names),
    triggerFunction(names),
    `REVOKE ALL ON FUNCTION ${at(names.shapeOf)}(oid), ${at(names.detail)}(oid, oid), ${at(names.tell)}(jsonb) FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION ${at(names.note)}(text, text, text, text), ${at(names.failed)}(text, text) TO PUBLIC`,
    ...(log ? [`ALTER PUBLICATION ${quoteIdent(order.publication)} ADD TABLE ONLY ${at(names.log)}`] : []),
    ...names.eventTriggers.flatMap(({ name, event }) => [
      `CREATE EVENT TRIGGER ${name} ON ${event} EXECUTE PROCEDURE ${at(names.trigger)}()`,
      `ALTER EVENT TRIGGER ${name} ENABLE ALWAYS`,
    ]),
  ];
}

/** Tables that have no shape yet get the one they have now, so many at once; says how many did. `$1` is the number. */
export const fillStatement = (names: CaptureNames): string => `INSERT INTO ${names.schema}.${names.shapes} (oid, shape)
  SELECT x.oid, x.shape FROM (SELECT c.oid, ${names.schema}.${names.shapeOf}(c.oid) AS shape FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ ${FOREIGN_SCHEMAS}
      AND NOT EXISTS (SELECT FROM ${names.schema}.${names.shapes} s WHERE s.oid = c.oid) LIMIT $1) x
  WHERE x.shape IS NOT NULL ON CONFLICT DO NOTHING RETURNING oid`;
