import { createHash } from 'node:crypto';
import { quoteIdent, quoteQualified } from '../../../../../shared/model/quote';
import type { Lsn, Relation } from '../change-stream';
import { FollowHalt, type TableRoute } from '../follow-model';
import type { TargetColumn, TargetTable } from './target-table';

/**
 * How a row is found: by a unique key of the receiving side (`unique`), by the columns of the replica identity without such a key (`columns`), by
 * all of its values (`row`), or never: only insertions come (`none`).
 */
export type Lookup = 'unique' | 'columns' | 'row' | 'none';

export interface BoundColumn extends TargetColumn {
  /** Quoted. */
  readonly quoted: string;
  /** In the tuples of the source. */
  readonly position: number;
  readonly key: boolean;
  /** `schema.=` for OPERATOR(); empty for what is not of the key. */
  readonly equal: string;
}

/** A table of the source tied to the one that takes its rows. */
export interface BoundTable {
  /** Number by which windows name it. */
  readonly number: number;
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  readonly syncedAt: Lsn;
  readonly target: TargetTable;
  /** `ONLY schema.name`, or without ONLY where the table has no rows of its own. */
  readonly from: string;
  /** What is written, in the order of the tuples; columns that the receiving side computes are left out. */
  readonly columns: readonly BoundColumn[];
  readonly keyColumns: readonly BoundColumn[];
  readonly lookup: Lookup;
  /** 1 for positions that are written, and for those of the key. */
  readonly written: Uint8Array;
  readonly keyed: Uint8Array;
  /** Changes may be joined and reordered by key inside of a window. */
  readonly fast: boolean;
  /** By which patterns of unchanged columns rows came, for names of statements. */
  readonly patterns: Map<string, number>;
}

const LISTED = 20;

/** The halt of a table that does not fit its changes. */
export const structureHalt = (relation: Relation, route: TableRoute, reason: string): FollowHalt =>
  haltOf(relation, `Changes of ${quoted(relation)} do not fit ${quoted(route)}: ${reason}`);

/** The halt of a table that nobody knows of: to drop its changes silently would lose them. */
export const unknownHalt = (relation: Relation): FollowHalt =>
  haltOf(
    relation,
    `Changes of ${quoted(relation)} come, which the task does not know: it was made after the task began, or is not in its selection`,
  );

const quoted = ({ schema, name }: Pick<Relation, 'schema' | 'name'>): string => quoteQualified(schema, name);

function haltOf(relation: Relation, text: string): FollowHalt {
  const columns = relation.columns.map(({ name, typeOid, typeModifier, key }) => [name, typeOid, typeModifier, key]);
  const hash = createHash('sha256')
    .update(JSON.stringify([relation.schema, relation.name, relation.identity, columns]))
    .digest('hex')
    .slice(0, 16);
  return new FollowHalt({
    id: `structure:${relation.oid}:${hash}`,
    kind: 'structure',
    text,
    statement: '',
    schema: relation.schema,
    table: relation.name,
    choices: ['retry', 'skip'],
  });
}

const listed = (names: readonly string[]): string =>
  names.slice(0, LISTED).map(quoteIdent).join(', ') + (names.length > LISTED ? ', …' : '');

const covers = (names: ReadonlySet<string>, key: TargetTable['keys'][number]): boolean =>
  key.columns.length === names.size && key.columns.every(({ name }) => names.has(name));

/** Ties them, or throws a halt of kind `structure`. */
export function bindTable(number: number, relation: Relation, route: TableRoute, target: TargetTable): BoundTable {
  const nameOf = (source: string): string => route.columns?.get(source) ?? source;
  const missing = relation.columns.filter(({ name }) => !target.columns.has(nameOf(name))).map(({ name }) => name);
  if (missing.length > 0) throw structureHalt(relation, route, `the receiving side has no column ${listed(missing)}`);
  const fed = new Set(relation.columns.map(({ name }) => nameOf(name)));
  const starving = [...target.columns.values()]
    .filter(({ name, notNull, hasDefault, generated }) => notNull && !hasDefault && !generated && !fed.has(name))
    .map(({ name }) => name);
  if (starving.length > 0)
    throw structureHalt(relation, route, `nothing comes for ${listed(starving)}, which must not be NULL`);

  const identity = new Set(
    relation.identity === 'full' || relation.identity === 'nothing'
      ? []
      : relation.columns.filter(({ key }) => key).map(({ name }) => nameOf(name)),
  );
  const notNull = (key: TargetTable['keys'][number]): boolean =>
    key.columns.every(({ name }) => fed.has(name) && target.columns.get(name)?.notNull === true);
  const found =
    relation.identity === 'full' ? target.keys.find(notNull) : target.keys.find((key) => covers(identity, key));
  const keyNames = found ? new Set(found.columns.map(({ name }) => name)) : identity;
  const equalOf = (name: string): string => found?.columns.find((each) => each.name === name)?.equal ?? 'pg_catalog.=';

  const written = new Uint8Array(relation.columns.length);
  const keyed = new Uint8Array(relation.columns.length);
  const columns: BoundColumn[] = [];
  for (const [position, { name }] of relation.columns.entries()) {
    const column = target.columns.get(nameOf(name));
    if (!column) continue;
    const key = keyNames.has(column.name);
    if (column.generated && !key) continue;
    columns.push({ ...column, quoted: quoteIdent(column.name), position, key, equal: key ? equalOf(column.name) : '' });
    if (!column.generated) written[position] = 1;
    if (key) keyed[position] = 1;
  }
  const keyColumns = columns.filter(({ key }) => key);
  const lookup: Lookup = found
    ? 'unique'
    : keyNames.size > 0
      ? 'columns'
      : relation.identity === 'full'
        ? 'row'
        : 'none';
  const whole = target.kind === 'r';
  return {
    number,
    oid: relation.oid,
    schema: relation.schema,
    table: relation.name,
    syncedAt: route.syncedAt,
    target,
    from: whole ? `ONLY ${target.name}` : target.name,
    columns: columns.filter(({ generated }) => !generated),
    keyColumns,
    lookup,
    written,
    keyed,
    // An identity that the server gives always can be told unchanged only by asking row by row.
    fast:
      (whole || target.kind === 'p') &&
      written.includes(1) &&
      (lookup === 'unique' || lookup === 'none') &&
      !columns.some(({ key, generated, identity: given }) => (key ? generated : given === 'a')),
    patterns: new Map(),
  };
}
