import type { CheckStepId, Finding, MigrationOptions } from '../../../../shared/model/migration';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Endpoint } from '../endpoint';
import type { PlannedDatabase } from '../plan-model';

/** One server as the checks see it. */
export interface CheckedSide {
  readonly endpoint: Endpoint;
  /** `server_version_num`. */
  readonly versionNum: number;
  /** e.g. 17. */
  readonly major: number;
  readonly user: string;
  readonly superuser: boolean;
  /** A session on a database, kept for the whole check; autocommit. Fails as `openSession` does. */
  session(database: string): Promise<PgSession>;
  /** Where the server itself is asked. */
  readonly server: PgSession;
  /** A connection that the check closes itself; `replication` asks for a walsender. */
  open(database: string, how?: { readonly replication: boolean }): Promise<PgSession>;
}

/** A database that travels. */
export interface CheckedDatabase {
  readonly plan: PlannedDatabase;
  readonly source: PgSession;
  /** Null while the database is not there on the target. */
  readonly target: PgSession | null;
}

export interface CheckContext {
  readonly jobId: string;
  readonly options: MigrationOptions;
  readonly source: CheckedSide;
  readonly target: CheckedSide;
  readonly databases: readonly CheckedDatabase[];
  /** Sessions that the copy will open on each side. */
  readonly sessionsNeeded: number;
  readonly incremental: boolean;
  readonly signal: AbortSignal;
}

/** A finding as a check makes it; title, step and check come from the definition. `items` may be longer: the rest is counted. */
export type Found = Omit<Finding, 'check' | 'step' | 'title' | 'count' | 'items' | 'effect' | 'remedy' | 'fix'> &
  Partial<Pick<Finding, 'items' | 'effect' | 'remedy' | 'fix'>>;

/** One check of the list. Reads only, except where it probes and undoes within one transaction. */
export interface Check {
  /** Unique; the window translates by it. */
  readonly id: string;
  readonly step: CheckStepId;
  readonly title: string;
  readonly applies: (context: CheckContext) => boolean;
  /** Nothing found: answers one finding with `pass`. A failed statement becomes a finding of its own by the runner. */
  readonly run: (context: CheckContext) => Promise<Found[]>;
}
