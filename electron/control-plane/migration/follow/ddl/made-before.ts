import type { Lsn } from '../change-stream';
import type { TableRoute } from '../follow-model';
import { details, type DdlCommand, type DdlEvent } from './ddl-event';
import { NOT_COPIED } from './join-table';

type Told = Exclude<DdlEvent, { event: 'table_rewrite' }>;

/**
 * Tables that the copy has made out of a later state than the one at which the changes begin: it was killed, and went on with a new snapshot. Their
 * creation comes after them, and what was done to them until that snapshot.
 */
export interface MadeBefore {
  /** The event without what is there already. */
  without(event: Told, commitLsn: Lsn): Told;
}

const CREATED = new Set(['CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO']);

export function createMadeBefore(routes: ReadonlyMap<number, TableRoute>): MadeBefore {
  const made = new Set<number>();
  const holds = (oid: number | null | undefined, commitLsn: Lsn): boolean => {
    const synced = oid == null ? undefined : routes.get(oid)?.syncedAt;
    return synced !== undefined && synced !== NOT_COPIED && synced > commitLsn;
  };
  const tableOf = (command: DdlCommand): number | null | undefined =>
    details.sequence(command.detail)?.owner?.table ?? details.tableOf(command.detail) ?? command.oid;
  return {
    without(event, commitLsn) {
      if (event.event !== 'ddl_command_end') return event;
      if (CREATED.has(event.tag))
        for (const { before, after } of event.tables)
          if (before === null && holds(after.oid, commitLsn)) made.add(after.oid);
      const isThere = (oid: number | null | undefined): boolean =>
        oid != null && made.has(oid) && holds(oid, commitLsn);
      if (made.size === 0) return event;
      return {
        ...event,
        commands: event.commands.filter((command) => !isThere(tableOf(command))),
        tables: event.tables.filter(({ after }) => !isThere(after.oid)),
      };
    },
  };
}
