import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import type {
  Check,
  CheckContext,
  CheckedDatabase,
  CheckedSide,
  Found,
} from '../../electron/control-plane/migration/checks/check';
import { endpoint } from '../../electron/control-plane/migration/endpoint';
import { readPlan } from '../../electron/control-plane/migration/plan/read-plan';
import type { PlannedDatabase } from '../../electron/control-plane/migration/plan-model';
import {
  databaseChoice,
  migrationOptions,
  type CheckFix,
  type DatabaseChoice,
  type MigrationOptions,
} from '../../shared/model/migration';
import type { ConnectionProfile } from '../../electron/ports';
import type { TestServer } from './postgres';

/** Who logs in, where it is not `postgres`. */
interface Account {
  readonly user: string;
  readonly password?: string;
}

export interface CheckContextOptions {
  readonly source: TestServer;
  readonly target: TestServer;
  readonly sourceAccount?: Account;
  readonly targetAccount?: Account;
  /** Databases that travel, whole unless said otherwise; on the target they are opened where they are there. */
  readonly databases?: readonly (string | DatabaseChoice)[];
  /** Instead of what the catalogs of the source say. */
  readonly plans?: readonly PlannedDatabase[];
  /** Changes what the checks are given, where no server can be brought to say it. */
  readonly change?: (context: CheckContext) => CheckContext;
  readonly options?: Partial<MigrationOptions>;
  readonly sessionsNeeded?: number;
  /** Changes how every session of a side is opened, e.g. to go through something between. */
  readonly profile?: (side: 'source' | 'target', profile: ConnectionProfile) => ConnectionProfile;
}

export interface OpenCheckContext {
  readonly context: CheckContext;
  /** Ends every session that was opened through it. */
  close(): Promise<void>;
}

/** A whole database of which nothing is known; add what the test is about. */
export const plannedDatabase = (name: string, change: Partial<PlannedDatabase> = {}): PlannedDatabase => ({
  source: name,
  target: name,
  whole: true,
  schemas: [],
  tables: [],
  indexes: [],
  sequences: [],
  views: [],
  materializedViews: [],
  foreignTables: [],
  functions: [],
  largeObjects: true,
  ...change,
});

const JOB = 'dts-check';

interface OpenedSide {
  readonly side: CheckedSide;
  close(): Promise<void>;
}

async function openSide(
  server: TestServer,
  account: Account,
  change: (profile: ConnectionProfile) => ConnectionProfile,
): Promise<OpenedSide> {
  const opened: PgSession[] = [];
  const kept = new Map<string, Promise<PgSession>>();
  const open: CheckedSide['open'] = async (database, how) => {
    const profile = { ...server.profile(database), user: account.user, password: account.password ?? null };
    const session = await openSession(change(profile), undefined, how);
    opened.push(session);
    return session;
  };
  const session: CheckedSide['session'] = (database) => {
    const known = kept.get(database) ?? open(database);
    kept.set(database, known);
    return known;
  };
  const asked = await session('postgres');
  const [row] = await asked.query<{ superuser: boolean }>(
    'SELECT rolsuper AS superuser FROM pg_catalog.pg_roles WHERE rolname = current_user',
  );
  return {
    side: {
      endpoint: endpoint.parse({ accessType: 'extranet', host: '127.0.0.1', port: server.port, user: account.user }),
      versionNum: asked.serverVersionNum,
      major: Math.floor(asked.serverVersionNum / 10_000),
      user: account.user,
      superuser: row?.superuser ?? false,
      session,
      server: asked,
      open,
    },
    close: async () => void (await Promise.all(opened.map((each) => each.end()))),
  };
}

/** What the checks are given, over two real servers. */
export async function openCheckContext(o: CheckContextOptions): Promise<OpenCheckContext> {
  const change = o.profile ?? ((_side, profile) => profile);
  const source = await openSide(o.source, o.sourceAccount ?? { user: 'postgres' }, (profile) =>
    change('source', profile),
  );
  const target = await openSide(o.target, o.targetAccount ?? { user: 'postgres' }, (profile) =>
    change('target', profile),
  );
  const there = await target.side.server.query<{ name: string }>('SELECT datname AS name FROM pg_catalog.pg_database');
  const names = new Set(there.map(({ name }) => name));
  const signal = new AbortController().signal;
  const plans = [...(o.plans ?? [])];
  for (const name of o.databases ?? []) {
    const choice = typeof name === 'string' ? databaseChoice.parse({ name, mode: 'all' }) : name;
    plans.push(await readPlan(await source.side.session(choice.name), choice, signal));
  }
  const databases: CheckedDatabase[] = [];
  for (const plan of plans) {
    databases.push({
      plan,
      source: await source.side.session(plan.source),
      target: names.has(plan.target) ? await target.side.session(plan.target) : null,
    });
  }
  const options = migrationOptions.parse({ type: 'full', objects: { mode: 'all', roleMode: 'all' }, ...o.options });
  const context: CheckContext = {
    jobId: JOB,
    options,
    source: source.side,
    target: target.side,
    databases,
    sessionsNeeded: o.sessionsNeeded ?? 8,
    incremental: options.type === 'fullAndIncrement',
    signal,
  };
  return {
    context: o.change?.(context) ?? context,
    close: async () => void (await Promise.all([source.close(), target.close()])),
  };
}

/** Runs one check of a list over a context that is opened for it; empty when the check does not apply. */
export async function runCheck(checks: readonly Check[], id: string, o: CheckContextOptions): Promise<Found[]> {
  const check = checks.find((each) => each.id === id);
  if (!check) throw new Error(`no check ${id}`);
  const { context, close } = await openCheckContext(o);
  try {
    return check.applies(context) ? await check.run(context) : [];
  } finally {
    await close();
  }
}

/** Runs what a finding offers as its repair, as the daemon would. */
export async function applyFix(
  fix: CheckFix | null | undefined,
  servers: { source: TestServer; target: TestServer },
): Promise<void> {
  if (!fix) throw new Error('the finding offers no repair');
  for (const statement of fix.statements) await servers[fix.side].sql(statement, fix.database || 'postgres');
}
