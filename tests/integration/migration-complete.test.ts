import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { Completion, CutOverStep, DatabaseChoice } from '../../shared/model/migration';
import { cutOver } from '../../electron/control-plane/migration/complete/cut-over';
import type { CutOverDeps } from '../../electron/control-plane/migration/complete/cut-over-model';
import { openSession } from '../../electron/adapters/postgres/session';
import { otherSessions } from '../../electron/control-plane/migration/complete/other-sessions';
import { mustTakeBack } from '../../electron/control-plane/migration/complete/fail-back-rights';
import { quietTriggers, wakeTriggers } from '../../electron/control-plane/migration/complete/quiet-triggers';
import {
  findColumnsAgain,
  findIdentityColumns,
  setIdentity,
} from '../../electron/control-plane/migration/follow/identity-columns';
import { isReadOnly, makeReadOnly, undoReadOnly } from '../../electron/control-plane/migration/complete/read-only';
import { readPlans } from '../../electron/control-plane/migration/complete/arm-fail-back';
import { fakeFollowed, openRun, type TestRun } from '../support/cut-over';
import { openJobFolder, removeJobFolder } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

const CHOICE: DatabaseChoice = { name: 'shop', newName: 'mall', mode: 'all', schemas: [] };
const PLAIN: Completion = { stopWrites: 'readOnly', moveAddress: false, failBack: false, compare: null };

let server: TestServer;
let folder: string;
let run: TestRun;
const clients: Client[] = [];

const connect = async (database: string, application: string, user = 'postgres'): Promise<Client> => {
  const client = new Client({ host: '127.0.0.1', port: server.port, user, database, application_name: application });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
};
const setting = async (database: string): Promise<string> => {
  const client = await connect(database, 'reader');
  const { rows } = await client.query<{ value: string }>(
    "SELECT current_setting('default_transaction_read_only') AS value",
  );
  await client.end();
  return rows[0]?.value ?? '';
};

beforeAll(async () => {
  server = await startServer({ major: 16, settings: ['max_prepared_transactions = 5'] });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  folder = await openJobFolder();
  for (const name of ['shop', 'mall']) {
    await server.createDatabase(name);
    await server.sql(
      `CREATE TABLE items (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label text);
       CREATE SEQUENCE tickets; CREATE TABLE stubs (n int PRIMARY KEY DEFAULT nextval('tickets'));
       ALTER SEQUENCE tickets OWNED BY stubs.n;
       CREATE MATERIALIZED VIEW labels AS SELECT label FROM items`,
      name,
    );
  }
  run = await openRun(server, server, folder);
  await run.ctx.source.meet(run.ctx.signal);
});
afterEach(async () => {
  await run.close();
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  for (const name of ['shop', 'mall']) await server.sql(`DROP DATABASE ${name} WITH (FORCE)`);
  await removeJobFolder(folder);
});

function signalOnce(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

/** A cut-over under way, with what it has told. */
function begin(change: Partial<CutOverDeps> = {}) {
  let steps: readonly CutOverStep[] = [];
  const taken = new AbortController();
  const [open, drained] = [signalOnce(), signalOnce()];
  const asked: ((completion: Completion) => void)[] = [];
  const failures: string[] = [];
  const ended = cutOver({
    ctx: run.ctx,
    direction: 'forward',
    completion: PLAIN,
    databases: [fakeFollowed(CHOICE, () => Promise.resolve(0))],
    wasOpened: false,
    takenBack: taken.signal,
    again: () => new Promise((resolve) => asked.push(resolve)),
    opened: () => open.given,
    onSteps: (now) => (steps = now),
    onFailed: (text) => failures.push(text),
    onDrained: drained.give,
    ...change,
  });
  ended.catch(() => undefined);
  return {
    ended,
    drained: drained.given,
    failures,
    stepOf: (id: string) => steps.find(({ step }) => step === id),
    open: open.give,
    takeBack: () => taken.abort(),
    again: (completion: Completion) => asked.shift()?.(completion),
  };
}

describe('databases that are read-only', () => {
  it('are so for new sessions, and are set back to what they were, by another worker too', async () => {
    await server.sql('ALTER DATABASE shop SET default_transaction_read_only = off');
    const work = {
      journal: run.ctx.journal,
      side: run.ctx.source,
      direction: 'forward' as const,
      databases: [
        { database: 'shop', name: 'shop' },
        { database: 'other', name: 'mall' },
      ],
      signal: run.ctx.signal,
    };
    await makeReadOnly(work);
    await makeReadOnly(work);
    expect([await setting('shop'), await setting('mall')]).toEqual(['on', 'on']);
    await run.close();
    run = await openRun(server, server, folder);
    expect(isReadOnly(run.ctx.journal, 'forward')).toBe(true);
    await undoReadOnly(run.ctx, 'forward');
    expect(isReadOnly(run.ctx.journal, 'forward')).toBe(false);
    const rows = await server.sql(
      'SELECT datname, setconfig FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase ORDER BY 1',
    );
    expect(rows).toEqual([{ datname: 'shop', setconfig: ['default_transaction_read_only=off'] }]);
  });
});

it('sees sessions of others whose kind is hidden from the account, and that they write', async () => {
  await server.sql('CREATE ROLE modest LOGIN; CREATE ROLE till LOGIN; GRANT ALL ON DATABASE shop TO till');
  await server.sql('GRANT INSERT ON items TO till; GRANT USAGE ON SCHEMA public TO till', 'shop');
  const writer = await connect('shop', 'till', 'till');
  await writer.query("BEGIN; INSERT INTO items (label) VALUES ('slow')");
  const session = await openSession({ ...server.profile('shop'), user: 'modest' });
  try {
    const found = await otherSessions(session, ['shop'], 'dts-test0001', run.ctx.signal);
    expect(found.filter(({ user }) => user === 'till')).toMatchObject([{ writes: true }]);
  } finally {
    await session.end();
    await writer.end();
    await server.sql('DROP OWNED BY till', 'shop');
    await server.sql('DROP OWNED BY till; DROP ROLE modest, till');
  }
});

describe('the cut-over', () => {
  it('ends sessions of others, sets sequences and views, and leaves everything as it was', async () => {
    await server.sql(
      `INSERT INTO items (label) SELECT 'a' || n FROM generate_series(1, 7) n; SELECT setval('tickets', 40);
       REFRESH MATERIALIZED VIEW labels`,
      'shop',
    );
    // As rows of a stream come: values without a sequence behind them, one of them further than any on the source.
    await server.sql(
      `INSERT INTO items (id, label) OVERRIDING SYSTEM VALUE SELECT n, 'a' || n FROM generate_series(1, 7) n;
       INSERT INTO stubs VALUES (55)`,
      'mall',
    );
    const idle = await connect('shop', 'till');
    const gone = new Promise((resolve) => idle.once('end', resolve));
    const work = begin();
    await Promise.race([work.drained, work.ended]);
    await gone;
    const late = await connect('shop', 'till');
    await expect(late.query("INSERT INTO items (label) VALUES ('late')")).rejects.toMatchObject({ code: '25006' });
    expect(await server.sql('SELECT last_value::int AS n FROM items_id_seq', 'mall')).toEqual([{ n: 7 }]);
    expect(await server.sql('SELECT last_value::int AS n FROM tickets', 'mall')).toEqual([{ n: 55 }]);
    expect(await server.sql('SELECT count(*)::int AS n FROM labels', 'mall')).toEqual([{ n: 7 }]);
    expect(work.stepOf('sequences')?.note).toContain('stands at 55');
    expect(work.stepOf('open')?.state).toBe('running');
    work.open();
    expect(await work.ended).toBe('done');
    expect(work.stepOf('cleanUp')?.state).toBe('success');
    expect(await setting('shop')).toBe('off');
  });

  it('waits for a transaction that somebody has prepared, and says so', async () => {
    const writer = await connect('shop', 'till');
    await writer.query("BEGIN; INSERT INTO items (label) VALUES ('prepared')");
    await writer.query("PREPARE TRANSACTION 'later'");
    const work = begin();
    await expect.poll(() => work.stepOf('stopWrites')?.note).toContain('later');
    await server.sql("COMMIT PREPARED 'later'", 'shop');
    await work.drained;
    work.takeBack();
    expect(await work.ended).toBe('takenBack');
  });

  it('waits while rows are still written by hand, names who is in the middle of it, and goes on when that ends', async () => {
    let rows = 0;
    let isWriting = true;
    const work = begin({
      completion: { ...PLAIN, stopWrites: 'byHand' },
      databases: [fakeFollowed(CHOICE, () => Promise.resolve(isWriting ? (rows += 1) : rows))],
    });
    await expect.poll(() => work.stepOf('drain')?.note, { timeout: 5000 }).toContain('still being written');
    const writer = await connect('shop', 'till');
    await writer.query("BEGIN; INSERT INTO items (label) VALUES ('slow')");
    isWriting = false;
    await expect.poll(() => work.stepOf('drain')?.note, { timeout: 5000 }).toContain('till');
    await writer.query('COMMIT');
    await work.drained;
    expect(await setting('shop')).toBe('off');
    work.takeBack();
    expect(await work.ended).toBe('takenBack');
  });

  it('begins again when rows come before clients are led over, and tells of those that come then', async () => {
    let rows = 0;
    let looks = 0;
    const work = begin({
      completion: { ...PLAIN, stopWrites: 'byHand' },
      // Before writes stop, twice until nothing comes any more, and a last time.
      databases: [fakeFollowed(CHOICE, () => Promise.resolve((looks += 1) === 4 ? (rows += 3) : rows))],
    });
    await work.drained;
    expect(looks).toBe(8);
    const lines = (): string =>
      run.events.flatMap((event) => (event.event === 'log' ? [event.line.text] : [])).join('\n');
    expect(lines()).toContain('3 rows were written while everything was brought over');
    rows += 2;
    work.open();
    expect(await work.ended).toBe('done');
    await expect.poll(lines).toContain('2 rows were written to the source after everything was brought over');
  });

  it('taken back, leaves no trace on the source', async () => {
    const work = begin();
    await work.drained;
    expect(await setting('shop')).toBe('on');
    work.takeBack();
    expect(await work.ended).toBe('takenBack');
    expect(await setting('shop')).toBe('off');
    expect(work.stepOf('open')).toBeUndefined();
  });

  it('that fails at a step stands still, and goes on when it is asked for otherwise', async () => {
    const work = begin({ completion: { ...PLAIN, failBack: true } });
    await expect.poll(() => work.failures.length).toBe(1);
    expect(work.failures[0]).toContain('wal_level of the target is replica');
    expect(work.stepOf('stopWrites')).toMatchObject({ state: 'failed' });
    // Nothing was stopped yet.
    expect(await setting('shop')).toBe('off');
    work.again(PLAIN);
    await work.drained;
    work.open();
    expect(await work.ended).toBe('done');
  });
});

it('switches off what acts on changes even where they are hidden from triggers, and keeps the way back from such', async () => {
  await server.sql(
    `CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
     CREATE TRIGGER usual AFTER INSERT ON items FOR EACH ROW EXECUTE FUNCTION noted();
     CREATE TRIGGER always AFTER INSERT ON items FOR EACH ROW EXECUTE FUNCTION noted();
     CREATE TRIGGER copies AFTER INSERT ON items FOR EACH ROW EXECUTE FUNCTION noted();
     CREATE RULE ever AS ON UPDATE TO stubs DO ALSO NOTHING;
     ALTER TABLE items ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER copies; ALTER TABLE stubs ENABLE ALWAYS RULE ever`,
    'mall',
  );
  const kinds = async (): Promise<string[]> => {
    const rows = await server.sql(
      `SELECT tgname || ' ' || tgenabled::text AS kind FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT rulename || ' ' || ev_enabled::text FROM pg_rewrite WHERE rulename = 'ever' ORDER BY 1`,
      'mall',
    );
    return rows.map(({ kind }) => String(kind));
  };
  const { forward, back } = await readPlans(run.ctx, CHOICE, run.ctx.signal);
  const session = await openSession(server.profile('mall'));
  try {
    await quietTriggers(session, forward, run.ctx.journal, run.ctx.signal);
    expect(await kinds()).toEqual(['always D', 'copies D', 'ever D', 'usual O']);
    // Seen from the other side, a source with such triggers can take nothing back.
    await mustTakeBack(session, back, run.ctx.signal);
    await wakeTriggers(session, 'shop', run.ctx.journal, run.ctx.signal);
    expect(await kinds()).toEqual(['always A', 'copies R', 'ever A', 'usual O']);
    await expect(mustTakeBack(session, back, run.ctx.signal)).rejects.toThrow(/items.*ENABLE ALWAYS/);
  } finally {
    await session.end();
  }
});

it('finds identity columns by what outlives their names, and lets those who use the table pass', async () => {
  const { signal } = run.ctx;
  const session = await openSession(server.profile('mall'));
  try {
    const columns = await findIdentityColumns(session, [{ schema: 'public', name: 'items' }], 'always', signal);
    await setIdentity(session, columns, 'BY DEFAULT', signal);
    await server.sql('ALTER TABLE items RENAME TO goods; ALTER TABLE goods RENAME id TO number', 'mall');
    const again = await findColumnsAgain(session, columns, 'default', signal);
    expect(again).toMatchObject([{ schema: 'public', table: 'goods', column: 'number' }]);
    const bare = [{ schema: 'public', table: 'goods', column: 'number' }];
    expect(await findColumnsAgain(session, bare, 'default', signal)).toEqual(again);
    const [user, next] = [await connect('mall', 'till'), await connect('mall', 'till')];
    await user.query('BEGIN; SELECT * FROM goods');
    const set = setIdentity(session, again, 'ALWAYS', signal);
    const queued = `SELECT 1 FROM pg_locks WHERE relation = 'goods'::regclass AND NOT granted`;
    await expect.poll(async () => (await server.sql(queued, 'mall')).length).toBe(1);
    // Behind us only as long as we wait in one go.
    await next.query("SET statement_timeout = '4s'; SELECT * FROM goods");
    await user.query('COMMIT');
    await set;
    expect(await findColumnsAgain(session, columns, 'always', signal)).toHaveLength(1);
  } finally {
    await session.end();
  }
});

it('turns a plan around, with the names of the target', async () => {
  await server.sql('ALTER TABLE stubs RENAME TO slips', 'mall');
  const choice: DatabaseChoice = {
    ...CHOICE,
    schemas: [
      {
        name: 'public',
        newName: '',
        mode: 'all',
        tables: [{ name: 'stubs', newName: 'slips', rowFilter: 'n > 3' }],
        views: [],
        functions: [],
        sequences: [],
      },
    ],
  };
  const { forward, back } = await readPlans(run.ctx, choice, run.ctx.signal);
  expect(forward.tables.find(({ name }) => name === 'stubs')).toMatchObject({
    targetName: 'slips',
    rowFilter: 'n > 3',
  });
  expect(back.tables.map(({ name, targetName, rowFilter }) => `${name} ${targetName} ${rowFilter}`).toSorted()).toEqual(
    ['items items ', 'slips stubs '],
  );
  const [oid] = await server.sql("SELECT 'slips'::regclass::oid::int AS oid", 'mall');
  expect(back.tables.find(({ name }) => name === 'slips')?.oid).toBe(oid?.['oid']);
  expect(back.sequences.map(({ name }) => name).toSorted()).toEqual(['items_id_seq', 'tickets']);
});
