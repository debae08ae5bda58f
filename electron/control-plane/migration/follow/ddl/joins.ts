import type { Applier } from '../apply/applier';
import { routeStatements } from '../apply/progress';
import type { Asking, StreamIdentity, TableRoute } from '../follow-model';
import { NOT_COPIED, joinTable, tableNow } from './join-table';
import type { JoinedTable } from './ddl-plan';
import { readColumns, sameColumns } from './structure-difference';

export interface JoinsOptions {
  readonly applier: Applier;
  readonly identity: StreamIdentity;
  readonly routes: Map<number, TableRoute>;
  readonly asking: Asking;
  readonly source: Asking;
  onApplied(text: string): void;
  onTable(oid: number, schema: string, name: string): Promise<void>;
  readonly signal: AbortSignal;
}

/** Tables that join while changes are followed. */
export interface Joins {
  /** Something is to be done once the transaction at hand is durable. */
  readonly due: boolean;
  readonly waiting: readonly string[];
  /** Inside of the transaction that makes a table. False: its changes cannot be followed. */
  join(table: JoinedTable): Promise<boolean>;
  /** Inside of a transaction: the rows of a table of the task are to be copied again. */
  copyAgain(oid: number): Promise<void>;
  /** A table has changed: one that waits may be ready. */
  changed(): void;
  /** Copies what is ready. Between transactions. */
  settle(): Promise<void>;
}

export function createJoins(options: JoinsOptions): Joins {
  const { applier, identity, routes, asking, source, signal } = options;
  /** By oid, the names on the source. */
  const waiting = new Map<number, string>();
  let due = false;
  const order = {
    name: identity.slot,
    onNote: (_level: 'info' | 'warning', text: string) => options.onApplied(text),
    signal,
  };
  const setRoute = async (oid: number, route: TableRoute): Promise<void> => {
    routes.set(oid, route);
    await applier.statements(routeStatements(identity, oid, route));
  };

  const copyOne = async (oid: number): Promise<void> => {
    const route = routes.get(oid);
    if (!route) return void waiting.delete(oid);
    const table = await source(async (session) => {
      const joined = await joinTable(session, oid, true, order);
      const now = joined === 'copied' ? await tableNow(session, oid, signal) : null;
      return now && { ...now, columns: await readColumns(session, now, signal) };
    });
    if (!table) return;
    const target = await asking((session) => readColumns(session, route, signal));
    // The source is ahead: what comes next changes the table here too.
    if (!sameColumns(table.columns, target)) return;
    await options.onTable(oid, table.schema, table.name);
    waiting.delete(oid);
    options.onApplied(`${table.schema}.${table.name} has joined: its rows were copied and its changes are followed`);
  };

  return {
    get due() {
      return due;
    },
    get waiting() {
      return [...waiting.values()];
    },
    async join({ oid, filled, route }) {
      const how = await source((session) => joinTable(session, oid, filled, order));
      const { schema, name } = route;
      if (how === 'nameless') return false;
      if (how === 'gone') return true;
      if (how === 'copied') {
        waiting.set(oid, `${schema}.${name}`);
        due = true;
      }
      await setRoute(oid, { ...route, syncedAt: how === 'copied' ? NOT_COPIED : 0n });
      return true;
    },
    async copyAgain(oid) {
      const route = routes.get(oid);
      if (!route) return;
      waiting.set(oid, `${route.schema}.${route.name}`);
      due = true;
      await setRoute(oid, { ...route, syncedAt: NOT_COPIED });
    },
    changed() {
      due ||= waiting.size > 0;
    },
    async settle() {
      due = false;
      for (const [oid, route] of routes)
        if (route.syncedAt === NOT_COPIED) waiting.set(oid, `${route.schema}.${route.name}`);
      for (const oid of waiting.keys()) await copyOne(oid);
      // Tables are bound anew by the routes that they have now.
      if (waiting.size > 0) await applier.statements([]);
    },
  };
}
