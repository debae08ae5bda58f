import { z } from 'zod';
import type { RelationColumn } from './change-stream';
import type { FindRelation } from './decode/text-tuple';
import type { Asking } from './follow-model';

const IDENTITIES = { d: 'default', n: 'nothing', f: 'full', i: 'index' } as const;

const row = z.object({
  oid: z.string().transform(Number),
  identity: z.enum(['d', 'n', 'f', 'i']),
  columns: z.array(z.object({ name: z.string(), type: z.number(), modifier: z.number(), key: z.boolean() })),
});

const FIND = `SELECT c.oid::int8::text AS oid, c.relreplident::text AS identity, (
    SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8, 'modifier', a.atttypmod, 'key',
      c.relreplident = 'f' OR EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)
        AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END))
      ORDER BY a.attnum), '[]')
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2`;

/** Finds the tables of a stream whose plugin tells only their names, as they are now. */
export function relationFinder(asking: Asking, signal: AbortSignal): FindRelation {
  return async (schema, name) => {
    const [first] = await asking((session) => session.query(FIND, [schema, name], signal));
    if (first === undefined) return null;
    const { oid, identity, columns } = row.parse(first);
    return {
      oid,
      schema,
      name,
      identity: IDENTITIES[identity],
      columns: columns.map((column): RelationColumn => ({
        name: column.name,
        typeOid: column.type,
        typeModifier: column.modifier,
        key: column.key,
      })),
    };
  };
}
