import { AppError } from '../../../shared/errors';
import type { InstanceStatus } from '../../../shared/model/instance';
import type { PgSession } from '../../adapters/postgres/session';
import type { Instances } from '../instances/instance-service';
import type { InstanceRecord } from '../instances/record';

/** What accounts and databases need of the instances. */
export type AccountInstances = Pick<Instances, 'get' | 'change' | 'withSuperuser'>;

/** The database that everything shared by all databases is done in. */
export const HOME = 'postgres';

/** A lock that somebody else holds ends the request with an error instead of making it wait for ever. */
const LOCK_LIMIT = '10s';

/** The instance, if its status allows the request. Fails with `not-found` or `conflict`. */
export function instanceFor(
  instances: AccountInstances,
  id: string,
  allowed: readonly InstanceStatus[],
): InstanceRecord {
  const record = instances.get(id);
  if (!record) throw new AppError({ code: 'not-found', message: `There is no instance ${id}` });
  if (!allowed.includes(record.status)) {
    throw new AppError({
      code: 'conflict',
      message: `The instance ${id} is ${record.status}: its accounts and databases cannot be worked on now`,
    });
  }
  return record;
}

/** Statuses in which accounts can be read, ended and locked out; a full disk (`readonly`) is no reason to keep a leaver in. */
export const SERVING: readonly InstanceStatus[] = ['running', 'readonly'];
/** Statuses in which something new may be made. */
export const WRITABLE: readonly InstanceStatus[] = ['running'];

/** A session of the internal superuser for work on accounts: it writes whatever the disk watch decided, and finds names where it says. */
export function inDatabase<T>(
  instances: AccountInstances,
  id: string,
  database: string,
  work: (session: PgSession) => Promise<T>,
): Promise<T> {
  return instances.withSuperuser(id, database, async (session) => {
    await session.query('SET default_transaction_read_only = off');
    await session.query('SET search_path = pg_catalog');
    await session.query(`SET lock_timeout = '${LOCK_LIMIT}'`);
    return work(session);
  });
}

/** All or nothing. */
export async function inTransaction<T>(session: PgSession, work: () => Promise<T>): Promise<T> {
  await session.query('BEGIN');
  try {
    const result = await work();
    await session.query('COMMIT');
    return result;
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * One transaction in each of several databases: all of them are done, then all are committed, so that a failure in one leaves the others as
 * they were too.
 */
export async function inTransactions(
  instances: AccountInstances,
  id: string,
  databases: readonly string[],
  work: (sessionOf: (database: string) => PgSession) => Promise<void>,
): Promise<void> {
  const open = new Map<string, PgSession>();
  const next = async ([database, ...rest]: readonly string[]): Promise<void> => {
    if (database === undefined) {
      await work((name) => {
        const session = open.get(name);
        if (!session) throw new Error(`no session in ${name}`);
        return session;
      });
      for (const session of open.values()) await session.query('COMMIT');
      return;
    }
    await inDatabase(instances, id, database, async (session) => {
      open.set(database, session);
      await session.query('BEGIN');
      try {
        await next(rest);
      } catch (error) {
        await session.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  };
  await next(databases);
}

/**
 * Keeps what follows in this transaction out of the server's log and statistics. Threat: a verifier is no password, but whoever reads it can
 * try passwords against it.
 */
export async function unlogged(session: PgSession): Promise<void> {
  await session.query('SET LOCAL log_statement = none');
  await session.query('SET LOCAL log_min_duration_statement = -1');
  await session.query('SET LOCAL log_min_error_statement = panic');
  await session.query('SET LOCAL pg_stat_statements.track_utility = off');
}
