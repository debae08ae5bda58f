import { AppError } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import { addressParams, type ObjectAddress } from './object-address';

interface RefusalRow {
  readonly text: string;
  readonly why: string;
}

/** What ALTER TABLE refuses without asking the dependency catalog. */
const REFUSALS = `
WITH wanted AS (SELECT * FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.oid[], $3::int4[]) AS w (classid, objid, sub))
SELECT pg_catalog.pg_describe_object(w.classid, w.objid, w.sub) AS text, r.why FROM wanted w CROSS JOIN LATERAL (
  SELECT 'inherited' AS why FROM pg_catalog.pg_attribute a WHERE w.classid = 1259 AND w.sub > 0 AND a.attrelid = w.objid AND a.attnum = w.sub AND a.attinhcount > 0
  UNION ALL (WITH RECURSIVE family (oid) AS (SELECT w.objid WHERE w.classid = 1259 AND w.sub > 0
       UNION SELECT i.inhrelid FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid)
     SELECT 'partition key' FROM family f JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = f.oid
       JOIN pg_catalog.pg_attribute a ON a.attrelid = f.oid AND a.attnum > 0
        AND a.attname = (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = w.objid AND attnum = w.sub)
      WHERE a.attnum = ANY (p.partattrs::int2[])
         OR p.partexprs::text ~ (':varattno ' || a.attnum || ' '))
  UNION ALL SELECT 'view' FROM pg_catalog.pg_class c WHERE w.classid = 1259 AND w.sub > 0 AND c.oid = w.objid AND c.relkind IN ('v', 'm')
  UNION ALL SELECT 'typed' FROM pg_catalog.pg_class c WHERE w.classid = 1259 AND w.sub > 0 AND c.oid = w.objid AND c.reloftype <> 0
  UNION ALL SELECT 'inherited' FROM pg_catalog.pg_constraint k WHERE w.classid = 2606 AND k.oid = w.objid AND k.coninhcount > 0
  UNION ALL SELECT 'primary key' FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_constraint p ON p.conrelid = k.conrelid AND p.contype = 'p' AND k.conkey[1] = ANY (p.conkey)
     WHERE w.classid = 2606 AND k.oid = w.objid AND k.contype = 'n' AND NOT EXISTS (SELECT FROM wanted o WHERE o.classid = 2606 AND o.objid = p.oid)
  UNION ALL SELECT 'identity' FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE w.classid = 2606 AND k.oid = w.objid AND k.contype = 'n' AND a.attidentity <> ''
  UNION ALL SELECT 'replica identity' FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_index i ON i.indrelid = k.conrelid AND i.indisreplident
     AND k.conkey[1] = ANY (i.indkey::int2[]) WHERE w.classid = 2606 AND k.oid = w.objid AND k.contype = 'n'
) r LIMIT 1`;

const WHY: Readonly<Record<string, string>> = {
  inherited: 'it is inherited from a parent table',
  'partition key': 'the partition key needs it',
  view: 'it belongs to the query of a view',
  typed: 'the table follows a type',
  'primary key': 'the primary key needs it',
  identity: 'the column is an identity column',
  'replica identity': 'the replica identity needs it',
};

/** Fails with `conflict` when the server would refuse whatever else is dropped. */
export async function checkDropRules(
  session: PgSession,
  named: readonly ObjectAddress[],
  signal: AbortSignal,
): Promise<void> {
  const [refusal] = await session.query<RefusalRow>(REFUSALS, addressParams(named), signal);
  if (refusal) {
    throw new AppError({
      code: 'conflict',
      message: `${refusal.text} can't be dropped: ${WHY[refusal.why] ?? refusal.why}`,
    });
  }
}
