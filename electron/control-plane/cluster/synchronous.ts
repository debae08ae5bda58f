import { AppError } from '../../../shared/errors';
import type { PgSession } from '../../adapters/postgres/session';
import { pause } from '../processes';
import { reload, synchronousNames, writeSettings } from './configuration';
import type { ClusterNode } from './node';
import { openSuperuser } from './session';

/** A name that no standby has. */
const NOBODY = 'howdah_nobody';
const LIMIT_MS = 15_000;

type Check = (session: PgSession) => Promise<boolean>;

async function until(session: PgSession, deadline: number, what: string, holds: Check): Promise<void> {
  for (; ; await pause(5)) {
    if (await holds(session)) return;
    if (Date.now() > deadline) {
      throw new AppError({
        code: 'conflict',
        message: `The server did not take over within ${LIMIT_MS / 1000} s: ${what}`,
        retry: true,
      });
    }
  }
}

async function announce(primary: ClusterNode, session: PgSession, names: string, deadline: number): Promise<void> {
  await writeSettings(primary, primary.data, names);
  await reload(primary);
  await until(session, deadline, 'its settings', async () => {
    const [row] = await session.query<{ value: string }>(
      `SELECT current_setting('synchronous_standby_names') AS value`,
    );
    return row?.value === names;
  });
}

/** A commit of nothing that matters. */
const probe = (session: PgSession): Promise<unknown> =>
  session.query(`SELECT pg_catalog.pg_logical_emit_message(true, 'howdah', 'probe')`);

const waits =
  (pid: number): Check =>
  async (session) =>
    (await session.query(`SELECT 1 FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND wait_event = 'SyncRep'`, [pid]))
      .length > 0;

/** Probes until a commit waits, which proves that from now on every commit does; that commit is handed back. */
async function waitingCommit(
  watch: PgSession,
  prober: PgSession,
  deadline: number,
): Promise<{ readonly commit: Promise<unknown> }> {
  for (; ; await pause(5)) {
    let over = false;
    const commit = probe(prober).finally(() => (over = true));
    // The caller looks at it; until then its failure is nobody's.
    commit.catch(() => undefined);
    await until(watch, deadline, 'commits do not wait', async () => over || waits(prober.backendPid)(watch));
    if (!over) return { commit };
  }
}

async function isStreaming(session: PgSession, id: string): Promise<boolean> {
  const rows = await session.query(
    `SELECT 1 FROM pg_catalog.pg_stat_replication WHERE application_name = $1 AND state = 'streaming'`,
    [id],
  );
  return rows.length > 0;
}

/**
 * Commits wait for a standby from here on. What tells that the server acts on the setting (its checkpointer has to, which may be busy) is a
 * commit that waits; with a standby that answers at once none would be seen waiting, so for some milliseconds they wait for nobody.
 */
async function waitFor(primary: ClusterNode, id: string, watch: PgSession, prober: PgSession): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  if (!(await isStreaming(watch, id))) {
    await announce(primary, watch, synchronousNames(id), deadline);
    await waitingCommit(watch, prober, deadline);
    await watch.query('SELECT pg_terminate_backend($1)', [prober.backendPid]);
    return;
  }
  let over = false;
  try {
    await announce(primary, watch, `2 (${synchronousNames(id)}, "${NOBODY}")`, deadline);
    const { commit } = await waitingCommit(watch, prober, deadline);
    void commit.then(
      () => (over = true),
      () => (over = true),
    );
  } finally {
    await announce(primary, watch, synchronousNames(id), Date.now() + LIMIT_MS);
  }
  // What waits is let go at the standby's next word, which without anything new to confirm comes once a second only: it gets something new.
  await watch.query('SET synchronous_commit = local');
  await until(watch, deadline, `the standby ${id} does not confirm`, async () => {
    if (!over) await probe(watch);
    return over;
  });
}

/** Commits wait for nobody from here on; those that wait are let go. */
async function waitForNobody(primary: ClusterNode, watch: PgSession, prober: PgSession): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  await announce(primary, watch, '', deadline);
  let over = false;
  void probe(prober).then(
    () => (over = true),
    () => (over = true),
  );
  await until(watch, deadline, 'commits still wait', async () => over);
}

/**
 * Lets commits of a running primary wait for this standby, or for none. Resolves when it is in force: for a standby, when everything that was
 * acknowledged so far is on its disk and everything from here on will be (one that is not connected: when commits wait for it). Fails with
 * `conflict` when the standby does not confirm in time; the setting then stands.
 */
export async function setSynchronous(primary: ClusterNode, id: string | null): Promise<void> {
  const watch = await openSuperuser(primary);
  try {
    const prober = await openSuperuser(primary);
    try {
      await (id === null ? waitForNobody(primary, watch, prober) : waitFor(primary, id, watch, prober));
    } finally {
      // A probe that still waits would wait for the end of its session too.
      await watch.query('SELECT pg_terminate_backend($1)', [prober.backendPid]).catch(() => undefined);
      await prober.end();
    }
  } finally {
    await watch.end();
  }
}
