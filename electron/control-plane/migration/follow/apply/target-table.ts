import type { PipelineSession } from '../../../../adapters/postgres/pipeline-session';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../../shared/model/quote';

/** A table of the receiving side as its catalog has it. */
export interface TargetTable {
  /** `schema.name`, quoted. */
  readonly name: string;
  /** `r` plain, `p` partitioned, `f` foreign, `v` view. */
  readonly kind: string;
  readonly columns: ReadonlyMap<string, TargetColumn>;
  /** Unique indexes that find a row at once: whole, valid, not deferrable; the primary key first. */
  readonly keys: readonly TargetKey[];
  /** How many indexes forbid that rows are alike, of whatever kind. */
  readonly uniques: number;
}

export interface TargetColumn {
  readonly name: string;
  /** `schema.type`, quoted; never an SQL name with a length of its own. */
  readonly type: string;
  /** Name of the type when it is the server's own, else empty. */
  readonly builtIn: string;
  readonly notNull: boolean;
  /** A value comes from somewhere when none is given. */
  readonly hasDefault: boolean;
  readonly generated: boolean;
  /** `a` always, `d` by default, empty. */
  readonly identity: string;
}

export interface TargetKey {
  readonly columns: readonly { readonly name: string; /** `schema.=` for OPERATOR(). */ readonly equal: string }[];
}

const yes = (text: string | null | undefined): boolean => text === 't';

function describeSql(schema: string, name: string): string {
  const oid = `(SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${quoteLiteral(schema)} AND c.relname = ${quoteLiteral(name)})`;
  // Columns of catalogs that older servers do not have are read as JSON.
  return `
    SELECT 'table', c.relkind FROM pg_catalog.pg_class c WHERE c.oid = ${oid};
    SELECT 'uniques', pg_catalog.count(*) FROM pg_catalog.pg_index i WHERE i.indrelid = ${oid} AND (i.indisunique OR i.indisexclusion);
    SELECT 'column', a.attname, n.nspname, t.typname, a.attnotnull, a.atthasdef,
      coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', ''), coalesce(pg_catalog.to_jsonb(a) ->> 'attidentity', '')
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum;
    SELECT 'key', i.indexrelid, a.attname, opn.nspname, op.oprname
    FROM (SELECT x.*, pg_catalog.generate_series(0, coalesce((pg_catalog.to_jsonb(x) ->> 'indnkeyatts')::pg_catalog.int4, x.indnatts) - 1) AS at
          FROM pg_catalog.pg_index x WHERE x.indrelid = ${oid} AND x.indisunique AND x.indimmediate AND x.indisvalid
            AND x.indpred IS NULL AND x.indexprs IS NULL) i
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[i.at]
      JOIN pg_catalog.pg_opclass oc ON oc.oid = i.indclass[i.at]
      JOIN pg_catalog.pg_amop ao ON ao.amopfamily = oc.opcfamily AND ao.amopstrategy = 3 AND ao.amoplefttype = oc.opcintype AND ao.amoprighttype = oc.opcintype
      JOIN pg_catalog.pg_operator op ON op.oid = ao.amopopr JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace
    ORDER BY i.indisprimary DESC, i.indexrelid, i.at`;
}

/** Reads a table, within the transaction that the session is in. Null: there is none. */
export async function describeTarget(
  session: PipelineSession,
  schema: string,
  name: string,
): Promise<TargetTable | null> {
  const { rows } = await session.query(describeSql(schema, name));
  const kind = rows.find(([what]) => what === 'table')?.[1];
  if (kind === undefined || kind === null) return null;
  const columns = new Map<string, TargetColumn>();
  const keys = new Map<string, { name: string; equal: string }[]>();
  for (const [what, first, second, third, fourth, fifth, sixth, seventh] of rows) {
    if (what === 'column') {
      columns.set(first ?? '', {
        name: first ?? '',
        // Always quoted: a bare "bit" or "char" would be cut to one.
        type: `${quoteIdent(second ?? '')}."${(third ?? '').replaceAll('"', '""')}"`,
        builtIn: second === 'pg_catalog' ? (third ?? '') : '',
        notNull: yes(fourth),
        hasDefault: yes(fifth) || seventh !== '',
        generated: sixth !== '',
        identity: seventh ?? '',
      });
    } else if (what === 'key') {
      const key = keys.get(first ?? '') ?? [];
      key.push({ name: second ?? '', equal: `${quoteIdent(third ?? '')}.${fourth ?? ''}` });
      keys.set(first ?? '', key);
    }
  }
  return {
    name: quoteQualified(schema, name),
    kind,
    columns,
    uniques: Number(rows.find(([what]) => what === 'uniques')?.[1] ?? 0),
    keys: [...keys.values()].map((each) => ({ columns: each })),
  };
}
