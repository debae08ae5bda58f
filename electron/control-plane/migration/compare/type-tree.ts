import { z } from 'zod';
import type { PgSession } from '../../../adapters/postgres/session';

/** A type with what it is made of, as one server has it. */
export interface TypeNode {
  readonly kind: 'base' | 'array' | 'composite' | 'enum' | 'range' | 'multirange' | 'other';
  /** Of a domain: of what it is a domain over. */
  readonly name: string;
  readonly builtin: boolean;
  readonly domain: boolean;
  /** Of an array, a range, a multirange. */
  readonly element: TypeNode | null;
  /** Of a composite type. */
  readonly fields: readonly { readonly name: string; readonly type: TypeNode }[];
}

const typeRow = z.object({
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  category: z.string(),
  base: z.number(),
  element: z.number(),
  part: z.number(),
  fields: z.array(z.object({ name: z.string(), type: z.number() })),
});
type TypeRow = z.output<typeof typeRow>;

/** `t` stands for pg_type; multiranges came with 14. */
const partOf = (versionNum: number): string => {
  const owner = versionNum >= 140_000 ? 't.oid IN (r.rngtypid, r.rngmultitypid)' : 'r.rngtypid = t.oid';
  return `coalesce((SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE ${owner}), 0)`;
};

const query = (versionNum: number): string => `SELECT t.oid AS oid, n.nspname AS schema,
    t.typname AS name, t.typtype::text AS kind, t.typcategory::text AS category,
    t.typbasetype AS base, t.typelem AS element, ${partOf(versionNum)} AS part,
    coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', a.attname, 'type',
        a.atttypid::pg_catalog.int8) ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute a
      WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS fields
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE t.oid = ANY ($1::pg_catalog.oid[])`;

const FLOATS: ReadonlySet<string> = new Set([
  'float4',
  'float8',
  'point',
  'lseg',
  'box',
  'path',
  'polygon',
  'circle',
  'line',
]);
/** Types of extensions whose text holds floating point numbers. */
const FOREIGN_FLOATS: ReadonlySet<string> = new Set(['cube', 'seg']);

const KINDS: Readonly<Record<string, TypeNode['kind']>> = {
  b: 'base',
  c: 'composite',
  e: 'enum',
  r: 'range',
  m: 'multirange',
};

const UNKNOWN: TypeNode = { kind: 'other', name: '?', builtin: false, domain: false, element: null, fields: [] };

/** Types of one database, read as they are needed and kept. */
export interface TypeCatalog {
  /** By number, each with all that it is made of. */
  read(session: PgSession, oids: readonly number[], signal: AbortSignal): Promise<(oid: number) => TypeNode>;
}

export function createTypeCatalog(): TypeCatalog {
  const rows = new Map<number, TypeRow>();

  const load = async (session: PgSession, wanted: readonly number[], signal: AbortSignal): Promise<void> => {
    for (let missing = [...new Set(wanted)]; ;) {
      missing = missing.filter((oid) => oid !== 0 && !rows.has(oid));
      if (missing.length === 0) return;
      const found = await session.query(query(session.serverVersionNum), [missing], signal);
      const parsed = z.array(typeRow).parse(found);
      for (const row of parsed) rows.set(row.oid, row);
      if (parsed.length === 0) return;
      missing = parsed.flatMap(({ base, element, part, fields }) => [
        base,
        element,
        part,
        ...fields.map(({ type }) => type),
      ]);
    }
  };

  const node = (oid: number): TypeNode => {
    const row = rows.get(oid);
    if (!row) return UNKNOWN;
    if (row.kind === 'd') return { ...node(row.base), domain: true };
    const array = row.kind === 'b' && row.category === 'A' && row.element !== 0;
    const kind = array ? 'array' : (KINDS[row.kind] ?? 'other');
    const inner = array ? row.element : row.part;
    return {
      kind,
      name: row.name,
      builtin: row.schema === 'pg_catalog',
      domain: false,
      element: inner === 0 ? null : node(inner),
      fields: row.fields.map(({ name, type }) => ({ name, type: node(type) })),
    };
  };

  return {
    async read(session, oids, signal) {
      await load(session, oids, signal);
      return node;
    },
  };
}

/** Whether it is such a type, or has such parts. */
export function holds(type: TypeNode, is: (node: TypeNode) => boolean): boolean {
  return (
    is(type) || (type.element !== null && holds(type.element, is)) || type.fields.some((field) => holds(field.type, is))
  );
}

export const isFloat = ({ kind, name, builtin }: TypeNode): boolean =>
  kind === 'base' && (builtin ? FLOATS : FOREIGN_FLOATS).has(name);

/** What it must be on both sides for its values to be comparable; words for people, too. */
export function shapeOf(type: TypeNode): string {
  const { kind, name, element, fields } = type;
  if (kind === 'array') return `${element ? shapeOf(element) : name}[]`;
  if (kind === 'composite') return `(${fields.map((field) => `${field.name} ${shapeOf(field.type)}`).join(', ')})`;
  if (kind === 'range' || kind === 'multirange') return `${kind} of ${element ? shapeOf(element) : name}`;
  if (kind === 'enum') return 'enum';
  if (['int2', 'int4', 'int8'].includes(name)) return 'integer';
  if (['text', 'varchar'].includes(name)) return 'text';
  return name;
}
