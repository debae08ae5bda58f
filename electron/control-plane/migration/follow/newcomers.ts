import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { routeStatements } from './apply/progress';
import type { ChangeSink, Relation, Wait } from './change-stream';
import { NOT_COPIED } from './ddl/join-table';
import { isOurs } from './ddl/schema-names';
import { FollowHalt, type Asking, type Decisions, type StreamIdentity, type TableRoute } from './follow-model';

/** What the person has chosen, as far as it says where a new table goes. */
export interface NewcomerNames {
  /** Where a table goes that is not a part of another; undefined: it is not of the task. */
  place(schema: string, name: string): Place | undefined;
}

interface Place {
  readonly schema: string;
  readonly name: string;
}

export interface NewcomerOptions {
  readonly identity: StreamIdentity;
  readonly routes: Map<number, TableRoute>;
  /** Tables whose changes are known to be left out; more are added here. */
  readonly leftOut: Set<number>;
  readonly decisions: Decisions;
  readonly names: NewcomerNames;
  readonly asking: { readonly from: Asking; readonly to: Asking };
  onNote(level: 'info' | 'warning', text: string): void;
  /** Copies a table that has a route; the stream begins anew after it. */
  onTable(oid: number, schema: string, name: string): Promise<void>;
  readonly signal: AbortSignal;
}

/** Rows `depth` 0 for the table itself, then what it is a part of; no row when it is gone. */
const FAMILY = `WITH RECURSIVE up AS (
    SELECT c.oid, 0 AS depth FROM pg_catalog.pg_class c WHERE c.oid = $1::int8::oid
    UNION ALL SELECT h.inhparent, up.depth + 1 FROM up JOIN pg_catalog.pg_inherits h ON h.inhrelid = up.oid
      JOIN pg_catalog.pg_class c ON c.oid = up.oid WHERE c.relispartition)
  SELECT c.oid::int8::text AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
    pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
  FROM up JOIN pg_catalog.pg_class c ON c.oid = up.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ORDER BY up.depth`;
const ROOTS = `SELECT c.oid::int8::text AS oid FROM pg_catalog.pg_class c WHERE c.relkind = 'p'`;

interface Member {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly bound: string | null;
}

/** Of a table, whatever its columns are: who leaves it out leaves it out for good. */
const haltId = (oid: number): string => `structure:${oid}:unknown`;

/**
 * Stands before the sink: a table that nobody knows of is looked up where it comes from. What is not of the task is left out; what is ends the stream
 * with a `FollowHalt`, so that none of its changes is dropped without a word. Rows never come for partitioned tables, whose parts are told
 * beside them when they are emptied.
 */
export async function withNewcomers(sink: ChangeSink, options: NewcomerOptions): Promise<ChangeSink> {
  const { identity, routes, leftOut, decisions, asking, signal } = options;
  const roots = new Set(
    (await asking.from((session) => session.query<{ oid: string }>(ROOTS, [], signal))).map(({ oid }) => Number(oid)),
  );

  const hasTable =
    (place: Place) =>
    async (session: PgSession): Promise<boolean> => {
      const name = quoteQualified(place.schema, place.name);
      const [row] = await session.query<{ there: boolean }>(
        'SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there',
        [name],
        signal,
      );
      return row?.there === true;
    };

  /** Where the table goes, and a statement that makes it there; null: nothing of it travels. */
  const placeOf = (
    relation: Relation,
    [self, ...above]: readonly Member[],
  ): { readonly place: Place; readonly make: string } | null => {
    const { schema, name } = relation;
    const parent = above[0] && routes.get(Number(above[0].oid));
    const named = options.names.place(schema, name);
    const ours = above.map(({ oid }) => routes.get(Number(oid))).find((route) => route !== undefined);
    if (!ours) return named ? { place: named, make: '' } : null;
    const place = named ?? { schema: ours.schema, name };
    if (!parent || self?.bound == null) return { place, make: '' };
    const make = `CREATE TABLE ${quoteQualified(place.schema, place.name)} PARTITION OF ${quoteQualified(parent.schema, parent.name)} ${self.bound}`;
    return { place, make };
  };

  const meet = async (relation: Relation): Promise<void> => {
    const { oid, schema, name } = relation;
    const family = await asking.from((session) =>
      session.query<Member & Record<string, unknown>>(FAMILY, [oid], signal),
    );
    const [self] = family;
    if (self?.kind === 'p') {
      roots.add(oid);
      leftOut.add(oid);
      return;
    }
    const found = self ? placeOf(relation, family) : null;
    const label = quoteQualified(schema, name);
    const decided = decisions.get(haltId(oid))?.choice;
    if (!found || decided === 'skip') {
      leftOut.add(oid);
      if (!self) options.onNote('info', `${label} is gone by now: its changes are left out`);
      else if (!found) options.onNote('info', `${label} is not of the task: its changes are left out`);
      else options.onNote('warning', `Left out by decision: changes of ${label}`);
      return;
    }
    const { place, make } = found;
    const target = quoteQualified(place.schema, place.name);
    const there = await asking.to(hasTable(place));
    if (decided === 'copyAgain' && there) {
      const route = { ...place, syncedAt: NOT_COPIED };
      await asking.to(async (session) => {
        for (const sql of routeStatements(identity, oid, route)) await session.query(sql, [], signal);
      });
      routes.set(oid, route);
      await options.onTable(oid, self?.schema ?? schema, self?.name ?? name);
      return;
    }
    const missing = there
      ? `${target} is there on the receiving side: when it is copied again, what it holds is replaced`
      : `Make ${target} on the receiving side${make === '' ? '' : ` (${make})`}, then have it copied`;
    throw new FollowHalt({
      id: haltId(oid),
      kind: 'structure',
      text: `Changes of ${label} come, which was made after the task began. ${missing}`,
      statement: '',
      schema,
      table: name,
      choices: there ? ['copyAgain', 'skip', 'retry'] : ['retry', 'skip'],
    });
  };

  return {
    begin: (begin) => sink.begin(begin),
    commit: (commit) => sink.commit(commit),
    origin: (name) => sink.origin(name),
    relation(relation): Wait {
      const { oid, schema } = relation;
      if (routes.has(oid) || leftOut.has(oid) || isOurs(schema)) return sink.relation(relation);
      return meet(relation).then(() => sink.relation(relation));
    },
    insert: (relation, bytes, at) => sink.insert(relation, bytes, at),
    update: (relation, old, bytes, oldAt, newAt) => sink.update(relation, old, bytes, oldAt, newAt),
    delete: (relation, old, bytes, oldAt) => sink.delete(relation, old, bytes, oldAt),
    truncate(relations, cascade, restartIdentity): Wait {
      const filled = relations.filter(({ oid }) => !roots.has(oid));
      return filled.length === 0 ? undefined : sink.truncate(filled, cascade, restartIdentity);
    },
    message: (prefix, content, transactional, lsn) => sink.message(prefix, content, transactional, lsn),
  };
}
