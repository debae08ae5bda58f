import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKS } from '../../electron/control-plane/migration/checks/registry';
import { runChecks } from '../../electron/control-plane/migration/checks/run-checks';
import { workerOrder, type Telling, type WorkerOrder } from '../../electron/control-plane/migration/worker-protocol';
import { CHECK_STEPS, type Finding, type MigrationOptions } from '../../shared/model/migration';
import { zooSql } from '../support/catalog-zoo';
import { openCheckContext } from '../support/check-context';
import { freePort, startServer, type TestServer } from '../support/postgres';

const MAJORS = [10, 11, 12, 13, 14, 15, 16, 17, 18];
const JOB = 'dts-run00001';
const servers = new Map<number, TestServer>();
const serverOf = (major: number): TestServer => {
  const server = servers.get(major);
  if (!server) throw new Error(`no server ${major}`);
  return server;
};

beforeAll(async () => {
  // Nine at once are too much for a small machine.
  for (let at = 0; at < MAJORS.length; at += 3) {
    const some = await Promise.all(MAJORS.slice(at, at + 3).map((major) => startServer({ major })));
    for (const server of some) servers.set(server.major, server);
  }
  for (const server of servers.values()) {
    await server.createDatabase('zoo');
    await server.sql(zooSql(server.major), 'zoo');
    await server.sql('CREATE ROLE mover LOGIN CREATEDB');
    await server.createDatabase('clean');
    await server.sql('ALTER DATABASE clean OWNER TO mover');
  }
  await serverOf(16).sql('CREATE TABLE t (id int PRIMARY KEY, t text); INSERT INTO t VALUES (1, NULL)', 'clean');
});
afterAll(async () => void (await Promise.all([...servers.values()].map((server) => server.stop()))));

interface OrderOptions {
  readonly port?: number;
  readonly user?: string;
  readonly databases?: readonly string[];
  readonly options?: Partial<MigrationOptions>;
}

function orderOf(source: TestServer, target: TestServer, o: OrderOptions = {}): WorkerOrder {
  const side = (port: number) => ({
    accessType: 'extranet',
    host: '127.0.0.1',
    port,
    user: o.user ?? 'postgres',
    password: null,
    sshPassword: null,
    connectTimeout: 10,
  });
  return workerOrder.parse({
    jobId: JOB,
    mode: 'check',
    options: {
      type: 'full',
      objects: {
        mode: 'partial',
        roleMode: 'none',
        databases: (o.databases ?? ['clean']).map((name) => ({ name, mode: 'all' })),
      },
      ...o.options,
    },
    source: side(source.port),
    target: side(o.port ?? target.port),
    folder: '/nowhere',
    toolFolders: [],
    copyJobs: 2,
    indexJobs: 2,
  });
}

interface Ran {
  readonly findings: readonly Finding[];
  readonly told: readonly Finding[];
  readonly steps: readonly string[];
}

async function run(
  order: WorkerOrder,
  signal = new AbortController().signal,
  onStep = (_step: string) => {},
): Promise<Ran> {
  const told: Finding[] = [];
  const steps: string[] = [];
  const telling: Telling = {
    log: () => undefined,
    step: () => undefined,
    table: () => undefined,
    object: () => undefined,
    findings: (found) => void told.push(...found),
  };
  const findings = await runChecks(order, {
    telling,
    signal,
    onStep: (step) => {
      steps.push(step);
      onStep(step);
    },
  });
  return { findings, told, steps };
}

/** Sessions of the task and transactions that somebody has left open. */
const leftOn = async (server: TestServer): Promise<Record<string, unknown>[]> =>
  server.sql(
    `SELECT application_name, state, query FROM pg_stat_activity WHERE application_name = 'howdah ${JOB}' OR state LIKE 'idle in transaction%'`,
  );
async function expectNothingLeft(...of: TestServer[]): Promise<void> {
  for (const server of of) {
    // A backend ends a moment after its client.
    await expect.poll(() => leftOn(server)).toEqual([]);
    expect(await server.sql('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
    expect(await server.sql('SELECT gid FROM pg_prepared_xacts')).toEqual([]);
  }
}

describe('a whole run', () => {
  test('of a pair in order: every group is looked at, nothing fails, nothing is left', async () => {
    const [source, target] = [serverOf(16), serverOf(17)];
    const before = await source.sql('SELECT count(*)::int AS n FROM pg_class', 'clean');
    const { findings, told, steps } = await run(orderOf(source, target));
    expect(findings.filter(({ level }) => level !== 'pass').map((f) => [f.check, f.level, f.found])).toEqual([]);
    expect(findings.length).toBeGreaterThan(30);
    expect(told).toEqual(findings);
    expect(steps).toEqual(['ConnectDBCheck', ...CHECK_STEPS]);
    const order = findings.map(({ step }) => CHECK_STEPS.indexOf(step));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(await source.sql('SELECT count(*)::int AS n FROM pg_class', 'clean')).toEqual(before);
    await expectNothingLeft(source, target);
  });

  test('of many databases keeps a few sessions open, and speaks of each', async () => {
    const [source, target] = [serverOf(16), serverOf(17)];
    const databases = Array.from({ length: 8 }, (_unused, at) => `db_${at}`);
    for (const name of databases) await source.createDatabase(name);
    let most = 0;
    const watching = new Client(source.uri());
    await watching.connect();
    const asked: Promise<void>[] = [];
    const { findings } = await run(orderOf(source, target, { databases }), undefined, () => {
      const counted = watching.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'howdah ${JOB}'`,
      );
      asked.push(counted.then(({ rows }) => void (most = Math.max(most, rows[0]?.n ?? 0))));
    });
    await Promise.all(asked);
    await watching.end();
    expect(most).toBeLessThanOrEqual(10);
    const databasesSeen = new Set(
      findings.filter(({ check }) => check === 'definitions-only').map((each) => each.database),
    );
    expect([...databasesSeen]).toEqual(databases.toSorted());
    for (const name of databases) await source.sql(`DROP DATABASE ${name}`);
    await expectNothingLeft(source, target);
  });

  test('cuts long lists and counts them', async () => {
    const source = serverOf(16);
    await source.createDatabase('wide');
    await source.sql(
      `DO $$ BEGIN FOR i IN 1..130 LOOP EXECUTE format('CREATE VIEW v%s AS SELECT 1 AS one', i); END LOOP; END $$`,
      'wide',
    );
    const { findings } = await run(orderOf(source, serverOf(17), { databases: ['wide'] }));
    const seen = findings.find(({ check }) => check === 'definitions-only');
    expect(seen).toMatchObject({ count: 130, level: 'info' });
    expect(seen?.items).toHaveLength(100);
  });
});

describe('a run that cannot go on', () => {
  test('says which side cannot be reached, at which step, and looks at nothing more', async () => {
    const [source, target] = [serverOf(16), serverOf(17)];
    const { findings, steps } = await run(orderOf(source, target, { port: await freePort() }));
    expect(findings.map(({ check, level, side }) => [check, level, side])).toEqual([
      ['reachable', 'pass', 'source'],
      ['reachable', 'failed', 'target'],
    ]);
    expect(findings[1]?.found).toMatch(/\(network\): .*Nothing listens/);
    expect(findings[1]?.remedy).toMatch(/Check the port/);
    expect(steps).toEqual(['ConnectDBCheck']);
    const stranger = await run(orderOf(source, target, { user: 'stranger' }));
    expect(stranger.findings.map(({ level, remedy }) => [level, remedy.includes('no such role')])).toEqual([
      ['failed', true],
      ['failed', true],
    ]);
    await expectNothingLeft(source, target);
  });

  test('names what is chosen and not there, and checks the rest', async () => {
    const { findings } = await run(orderOf(serverOf(16), serverOf(17), { databases: ['nowhere'] }));
    const seen = findings.find(({ check }) => check === 'selection-read');
    expect(seen).toMatchObject({ level: 'failed', step: 'ObjectCheck', side: 'source' });
    expect(seen?.found).toMatch(/no database nowhere/);
    expect(findings.some(({ check }) => check === 'versions-supported')).toBe(true);
  });

  test('a check whose statement fails is a finding of its own', async () => {
    const source = serverOf(16);
    await source.sql('REVOKE SELECT ON pg_publication FROM PUBLIC', 'clean');
    const { findings } = await run(orderOf(source, serverOf(17), { user: 'mover' }));
    await source.sql('GRANT SELECT ON pg_publication TO PUBLIC', 'clean');
    const seen = findings.find(({ check }) => check === 'publications');
    expect(seen).toMatchObject({ level: 'warning' });
    expect(seen?.found).toMatch(/could not be checked: permission denied for table pg_publication/);
    expect(findings.filter(({ found }) => found.includes('could not be checked'))).toHaveLength(1);
  });

  test('a table that somebody has locked is not waited for without end', async () => {
    const source = serverOf(16);
    const other = new Client(source.uri('clean'));
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE t');
      const { findings } = await run(orderOf(source, serverOf(17)));
      expect(findings.some(({ found }) => found.includes('lock timeout'))).toBe(true);
    } finally {
      await other.end();
    }
  });

  test.each(['ConnectDBCheck', 'ObjectCheck', 'CapacityCheck'])('is given up at %s and leaves nothing', async (at) => {
    const [source, target] = [serverOf(16), serverOf(17)];
    const ending = new AbortController();
    const running = run(orderOf(source, target), ending.signal, (step) => {
      if (step === at) setImmediate(() => ending.abort());
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expectNothingLeft(source, target);
  });

  test('is given up while a statement waits for a lock', async () => {
    const [source, target] = [serverOf(16), serverOf(17)];
    const other = new Client(source.uri('clean'));
    await other.connect();
    const ending = new AbortController();
    try {
      await other.query('BEGIN; LOCK TABLE t');
      const running = run(orderOf(source, target), ending.signal);
      running.catch(() => undefined);
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'howdah ${JOB}' AND wait_event_type = 'Lock'`;
      await expect.poll(() => source.sql(waiting), { timeout: 10_000 }).toHaveLength(1);
      ending.abort();
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    } finally {
      await other.end();
    }
    await expectNothingLeft(source, target);
  });

  test('a server that goes away meanwhile ends it', async () => {
    const [source, target] = [serverOf(16), serverOf(17)];
    const other = new Client(source.uri('clean'));
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE t');
      const running = run(orderOf(source, target));
      running.catch(() => undefined);
      const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'howdah ${JOB}' AND wait_event_type = 'Lock'`;
      await expect.poll(() => source.sql(end), { timeout: 10_000 }).toHaveLength(1);
      await expect(running).rejects.toMatchObject({ code: 'lost-connection' });
    } finally {
      await other.end();
    }
    await expectNothingLeft(source, target);
  });
});

/** Each version once as the older and once as the newer side; the last one far up, and far down. */
const PAIRS = [...MAJORS.slice(1).map((major) => [major, major - 1] as const), [10, 18] as const, [18, 10] as const];

describe('every check understands every version', () => {
  test.each(PAIRS)('%i to %i', async (from, to) => {
    for (const user of ['postgres', 'mover']) {
      const { context, close } = await openCheckContext({
        source: serverOf(from),
        target: serverOf(to),
        databases: [user === 'mover' ? 'clean' : 'zoo'],
        sourceAccount: { user },
        targetAccount: { user },
        options: { type: 'fullAndIncrement' },
      });
      try {
        for (const check of CHECKS.filter((each) => each.applies(context))) {
          const found = await check.run(context).catch((error: unknown) => {
            throw new Error(`${check.id}: ${String(error)}`, { cause: error });
          });
          for (const { level, found: said, effect, remedy } of found) {
            const silent = said === '' || (['warning', 'failed'].includes(level) && (!effect || !remedy));
            expect(silent ? `${check.id} says too little` : '').toBe('');
          }
        }
      } finally {
        await close();
      }
    }
  });
});
