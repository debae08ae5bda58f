import { AppError, errorInfo, throwIfAborted } from '../../../shared/errors';
import type { EndpointFacts, EndpointTest } from '../../../shared/model/migration-api';
import { CONNECTION_STEPS, type ConnectionStep, type TestStep } from '../../../shared/model/server';
import { openClient, type OpenedClient } from '../../adapters/postgres/connect';
import type { PgSession } from '../../adapters/postgres/session';
import type { ConnectionProfile } from '../../ports';

/** Databases that can be connected to, but templates, with their sizes; 0 where that may not be asked. */
const DATABASES = `
SELECT d.datname AS name,
       CASE WHEN has_database_privilege(d.oid, 'CONNECT') THEN pg_database_size(d.oid) ELSE 0 END::float8 AS bytes
  FROM pg_database d
 WHERE NOT d.datistemplate AND d.datallowconn
 ORDER BY d.datname`;

/** Roles that can travel: those of the system stay. */
export async function readRoleNames(session: PgSession, signal: AbortSignal): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    "SELECT rolname AS name FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' ORDER BY rolname",
    [],
    signal,
  );
  return rows.map(({ name }) => name);
}

async function readFacts(opened: OpenedClient): Promise<EndpointFacts> {
  const { rows } = await opened.client.query<{ user: string; superuser: boolean }>(
    'SELECT current_user AS "user", coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false) AS superuser',
  );
  const databases = await opened.client.query<{ name: string; bytes: number }>(DATABASES);
  return {
    version: opened.serverVersion,
    versionNum: opened.serverVersionNum,
    superuser: rows[0]?.superuser ?? false,
    user: rows[0]?.user ?? '',
    tls: opened.tls,
    databases: databases.rows,
  };
}

const failedStep = (step: ConnectionStep, error: unknown): TestStep => {
  const { message, hint } = errorInfo(error);
  return { step, state: 'failed', detail: message, hint: hint ?? '', ms: 0 };
};

/**
 * Connects step by step, asks who and what is there, and closes again. The first step that fails says why and what to do; those after it were
 * not reached. `makeProfile` fails when the side has no address: then the step `name` failed. Fails with `cancelled` only.
 */
export async function testEndpoint(
  makeProfile: () => Promise<ConnectionProfile>,
  signal: AbortSignal,
): Promise<Required<EndpointTest>> {
  const found = new Map<ConnectionStep, TestStep>();
  let facts: EndpointFacts | null = null;
  let newHostKey: string | null = null;
  let profile: ConnectionProfile | undefined;
  try {
    profile = await makeProfile();
    const opened = await openClient(profile, signal, (step) => found.set(step.step, step));
    const cut = (): void => opened.destroy();
    signal.addEventListener('abort', cut, { once: true });
    try {
      facts = await readFacts(opened);
    } finally {
      signal.removeEventListener('abort', cut);
      await opened.client.end().catch(() => undefined);
      opened.release();
    }
  } catch (error) {
    throwIfAborted(signal);
    const failed = [...found.values()].some(({ state }) => state === 'failed');
    if (!(error instanceof AppError) && !profile) throw error;
    const { field, detail } = errorInfo(error);
    if (field === 'ssh.hostKey' && profile?.ssh.hostKey === '') newHostKey = detail ?? null;
    if (!profile) found.set('name', failedStep('name', error));
    else if (!failed) found.set('database', failedStep('database', error));
  }
  const steps = CONNECTION_STEPS.map(
    (step): TestStep => found.get(step) ?? { step, state: 'not-reached', detail: '', hint: '', ms: 0 },
  );
  return { steps, facts, newHostKey };
}
