import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completion, type Completion, type CutOverStep } from '../../shared/model/migration';
import { NO_COURSE, type Course, type WorkerCommand } from '../../electron/control-plane/migration/worker-protocol';
import { expectCleaned, followOf, LOGICAL, startFollow, untilPhase } from '../support/migration-follow';
import { contentsOf, expectNothingLeft } from '../support/migration-mixed';
import { sideOf, type TestWorker } from '../support/migration-worker';
import { flowSql, startMixedWriter, type MixedWriter } from '../support/mixed-writer';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let base: string;
let folder: string;
let number = 0;
let database: string;
const running = new Set<TestWorker>();
const writers = new Set<MixedWriter>();

/** What a writer gets in the databases that a cut-over has made read-only, or that it has ended. */
const STOPPED = ['25006', '57P01'];

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 15, settings: LOGICAL }),
    startServer({ major: 17, settings: LOGICAL }),
  ]);
  base = await mkdtemp(join(tmpdir(), 'howdah-cut-'));
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(base, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, 'job-'));
  number += 1;
  database = `flow${number}`;
  await source.createDatabase(database);
  await source.sql(
    `${flowSql(source)}; CREATE TABLE flow.keyless (word text);
     ALTER TABLE flow.keyless REPLICA IDENTITY FULL; INSERT INTO flow.keyless VALUES ('a'), ('a'), ('b')`,
    database,
  );
});
afterEach(async () => {
  for (const worker of running) worker.kill();
  await Promise.all([...running].map(({ ended }) => ended));
  await Promise.all([...writers].map((writer) => writer.stop()));
  running.clear();
  writers.clear();
  for (const server of [source, target]) {
    await server.sql(
      `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL;
       SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active`,
    );
  }
});

async function begin(course: Partial<Course> = {}): Promise<TestWorker> {
  const worker = await startFollow(source, target, { folder, database, course: { ...NO_COURSE, ...course } });
  running.add(worker);
  return worker;
}
function write(server: TestServer): MixedWriter {
  let state = (number + writers.size) * 2_654_435_761;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const writer = startMixedWriter({ server, database, random, tolerate: STOPPED });
  writers.add(writer);
  return writer;
}
const how = (change: Partial<Completion> = {}): Completion =>
  completion.parse({ stopWrites: 'readOnly', compare: 'full', ...change });
const complete = (change: Partial<Completion> = {}): WorkerCommand => ({
  command: 'complete',
  completion: how(change),
});
const stepOf = (worker: TestWorker, step: string): CutOverStep | undefined =>
  worker.progress()?.follow?.cutOver.find((each) => each.step === step);
/** Everything is copied. How near the target is depends on the machine while a program writes without a pause; the cut-over waits for it. */
async function untilFollowing(worker: TestWorker): Promise<void> {
  const phases = (): boolean => worker.events.some(({ event }) => event === 'phase');
  await expect.poll(phases, { timeout: 60_000, interval: 50 }).toBe(true);
}
const DONE = { outcome: 'done', problem: '', hint: '' };

/** Without what the task itself has there. */
const theirs = async (server: TestServer): Promise<object> =>
  Object.fromEntries(
    Object.entries(await contentsOf(server, database)).filter(([name]) => !name.includes('howdah_migration.')),
  );
async function expectAllThere(writer: MixedWriter, on: TestServer): Promise<void> {
  expect(await writer.lostOn(on, database)).toEqual([]);
  expect(await theirs(target)).toEqual(await theirs(source));
}
async function expectTidy(keylessThere: 'd' | 'f' = 'f'): Promise<void> {
  for (const server of [source, target]) {
    await expectCleaned(server, [database]);
    await expectNothingLeft(server);
    const settings = await server.sql(
      `SELECT setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE datname = '${database}'`,
    );
    expect(settings).toEqual([]);
    const [identity] = await server.sql(
      "SELECT attidentity::text AS kind FROM pg_attribute WHERE attrelid = 'flow.entry'::regclass AND attname = 'id'",
      database,
    );
    expect(identity).toEqual({ kind: 'a' });
    const [keyless] = await server.sql(
      "SELECT relreplident::text AS kind FROM pg_class WHERE oid = 'flow.keyless'::regclass",
      database,
    );
    expect(keyless).toEqual({ kind: server === source ? 'f' : keylessThere });
  }
}

describe('a cut-over', () => {
  test('of a database that is being written to loses nothing: it is read-only from one moment on', async () => {
    const writer = write(source);
    const worker = await begin();
    await untilFollowing(worker);
    await writer.more(50);
    worker.send(complete());
    await untilPhase(worker, 'drained');
    await expectAllThere(writer, target);
    const [numbers] = await target.sql('SELECT last_value::int AS n FROM flow.numbers', database);
    expect([numbers]).toEqual(await source.sql('SELECT last_value::int AS n FROM flow.numbers', database));
    worker.send({ command: 'opened' });
    expect(await worker.ended).toEqual(DONE);
    await writer.stop();
    await expectTidy();
    expect(stepOf(worker, 'compare')?.note).toMatch(/tables, \d+ rows/);
    expect(stepOf(worker, 'cleanUp')?.state).toBe('success');
    expect(worker.progress()?.follow).toMatchObject({ lagBytes: 0, lagSeconds: 0, blockers: [] });
  });

  test('is taken back when it is drained already, and the task follows on', async () => {
    const writer = write(source);
    const worker = await begin();
    await untilFollowing(worker);
    worker.send(complete({ failBack: true, compare: null }));
    await untilPhase(worker, 'drained');
    expect(await target.sql('SELECT slot_name::text FROM pg_replication_slots')).toHaveLength(1);
    worker.send({ command: 'takeBack' });
    await expect.poll(() => worker.progress()?.follow?.cutOver, { timeout: 10_000 }).toEqual([]);
    expect(await target.sql('SELECT slot_name::text FROM pg_replication_slots')).toEqual([]);
    await writer.more(50);
    worker.send(complete());
    await untilPhase(worker, 'drained', 2);
    await expectAllThere(writer, target);
    worker.send({ command: 'opened' });
    expect(await worker.ended).toEqual(DONE);
    await writer.stop();
    await expectTidy();
  });

  test('stands still at a difference, and goes on without a comparison; clients at an address do not wait for statistics', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    const analyzed = () => worker.lines.filter(({ text }) => text.includes('statistics of')).length;
    expect(analyzed()).toBe(1);
    await target.sql("UPDATE flow.account SET name = name || ' planted' WHERE id = 7", database);
    worker.send(complete());
    await expect.poll(() => stepOf(worker, 'compare')?.state, { timeout: 20_000 }).toBe('failed');
    expect(stepOf(worker, 'compare')?.note).toContain('flow.account');
    expect(analyzed()).toBe(2);
    worker.send(complete({ compare: null, moveAddress: true }));
    await untilPhase(worker, 'drained');
    expect(stepOf(worker, 'stopWrites')?.note).toContain('a minute at most');
    expect(analyzed()).toBe(2);
    worker.send({ command: 'opened' });
    expect(await worker.ended).toEqual(DONE);
    expect(analyzed()).toBe(3);
    await expectTidy();
  });
});

describe('tables that are not what they were when the task was made', () => {
  test('go where their rows went, there and back: renamed, dropped, with chosen names and rows', async () => {
    await source.sql(
      `CREATE TABLE flow.old (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text);
       CREATE TABLE flow.some (id int PRIMARY KEY, word text); CREATE TABLE flow.gone (id int PRIMARY KEY);
       INSERT INTO flow.old (word) VALUES ('a'); INSERT INTO flow.some VALUES (1, 'left'), (7, 'taken')`,
      database,
    );
    const chosen = (name: string, newName = '', rowFilter = '') => ({ name, newName, rowFilter });
    const tables = [chosen('old', 'old_there'), chosen('some', '', 'id > 5'), chosen('gone')];
    const schemas = [{ name: 'flow', newName: '', mode: 'partial', tables }];
    const objects = {
      mode: 'partial',
      roleMode: 'none',
      databases: [{ name: database, newName: '', mode: 'partial', schemas }],
    };
    const worker = await startFollow(source, target, { folder, database, options: { objects } });
    running.add(worker);
    await untilPhase(worker, 'ready');
    for (const sql of [
      'ALTER TABLE flow.some RENAME TO parted',
      'DROP TABLE flow.gone',
      "INSERT INTO flow.parted VALUES (2, 'left'), (8, 'taken')",
      'ALTER TABLE flow.old RENAME TO renamed',
      "INSERT INTO flow.renamed (word) VALUES ('b')",
    ])
      await source.sql(sql, database);
    // The name that was chosen for it stays.
    await expect.poll(() => followOf(worker, database)?.halts.length, { timeout: 20_000 }).toBe(1);
    const [halt] = followOf(worker, database)?.halts ?? [];
    worker.send({ command: 'decide', decision: { database, id: halt?.id ?? '', choice: 'skip' } });
    worker.send(complete({ failBack: true }));
    await untilPhase(worker, 'drained');
    worker.send({ command: 'opened' });
    await untilPhase(worker, 'guarding');
    await target.sql(
      `INSERT INTO flow.old_there (word) VALUES ('there'); INSERT INTO flow.parted VALUES (9, 'there')`,
      database,
    );
    worker.send({ command: 'goBack', completion: how({ compare: null }) });
    await untilPhase(worker, 'drained');
    worker.send({ command: 'opened' });
    expect(await worker.ended).toEqual(DONE);
    expect(await source.sql('SELECT id, word FROM flow.renamed ORDER BY 1', database)).toEqual([
      { id: 1, word: 'a' },
      { id: 2, word: 'b' },
      { id: 3, word: 'there' },
    ]);
    expect(await source.sql('SELECT id FROM flow.parted ORDER BY 1', database)).toEqual(
      [1, 2, 7, 8, 9].map((id) => ({ id })),
    );
    expect(
      await target.sql(
        `SELECT attidentity::text AS kind FROM pg_attribute WHERE attrelid = 'flow.old_there'::regclass AND attname = 'id'`,
        database,
      ),
    ).toEqual([{ kind: 'a' }]);
  });

  test('are named when nobody brings them, and left out when the cut-over is asked for all the same', async () => {
    const worker = await startFollow(source, target, { folder, database, options: { followDdl: false } });
    running.add(worker);
    await untilPhase(worker, 'ready');
    await source.sql('CREATE TABLE flow.late (id int PRIMARY KEY); INSERT INTO flow.late VALUES (1)', database);
    worker.send(complete());
    await expect.poll(() => stepOf(worker, 'stopWrites')?.state, { timeout: 20_000 }).toBe('failed');
    expect(stepOf(worker, 'stopWrites')?.note).toContain('flow.late');
    worker.send(complete());
    await untilPhase(worker, 'drained');
    worker.send({ command: 'opened' });
    expect(await worker.ended).toEqual(DONE);
    expect(worker.lines.some(({ text }) => text.includes('left out are') && text.includes('late'))).toBe(true);
  });
});

describe('triggers of a target whose account may not keep them from seeing changes', () => {
  test('come with the cut-over, sleep when it is taken back, and wake with the next one; foreign keys go and come with them', async () => {
    await target.sql("CREATE ROLE keeper LOGIN CREATEDB PASSWORD 'keeper'");
    await source.sql(
      `CREATE TABLE flow.audit (id serial PRIMARY KEY, word text); CREATE TABLE flow.item (id int PRIMARY KEY);
       CREATE FUNCTION flow.note() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN INSERT INTO flow.audit (word) VALUES (new.id::text); RETURN new; END';
       CREATE TABLE flow.child (id int PRIMARY KEY, item int REFERENCES flow.item ON DELETE CASCADE);
       CREATE TRIGGER noted AFTER INSERT ON flow.item FOR EACH ROW EXECUTE PROCEDURE flow.note();
       INSERT INTO flow.item VALUES (1), (2); INSERT INTO flow.child VALUES (1, 1), (2, 1), (3, 2)`,
      database,
    );
    const worker = await startFollow(source, target, {
      folder,
      database,
      target: sideOf(target, { user: 'keeper', password: 'keeper' }),
      options: { keepOwners: false, keepPrivileges: false },
    });
    running.add(worker);
    const kind = () => target.sql("SELECT tgenabled::text AS kind FROM pg_trigger WHERE tgname = 'noted'", database);
    const audits = (server: TestServer) => server.sql('SELECT id, word FROM flow.audit ORDER BY 1', database);
    await untilPhase(worker, 'ready');
    expect(await kind()).toEqual([]);
    worker.send(complete());
    await untilPhase(worker, 'drained');
    expect(await kind()).toEqual([{ kind: 'O' }]);
    worker.send({ command: 'takeBack' });
    await expect.poll(() => worker.progress()?.follow?.cutOver, { timeout: 10_000 }).toEqual([]);
    expect(await kind()).toEqual([{ kind: 'D' }]);
    const keys = () =>
      target.sql("SELECT 1 FROM pg_constraint WHERE contype = 'f' AND conrelid = 'flow.child'::regclass", database);
    expect(await keys()).toEqual([]);
    await source.sql('INSERT INTO flow.item VALUES (3), (4), (5)', database);
    // Its children go by themselves on the source, and come as changes of their own.
    await source.sql('DELETE FROM flow.item WHERE id = 1', database);
    await expect.poll(() => audits(target), { timeout: 10_000 }).toEqual(await audits(source));
    worker.send(complete());
    await untilPhase(worker, 'drained', 2);
    expect(await kind()).toEqual([{ kind: 'O' }]);
    expect(await keys()).toHaveLength(1);
    worker.send({ command: 'opened' });
    expect(await worker.ended).toEqual(DONE);
    expect(await target.sql('SELECT id FROM flow.child', database)).toEqual([{ id: 3 }]);
    await target.sql('INSERT INTO flow.item VALUES (6)', database);
    expect(await audits(target)).toHaveLength(6);
  });
});

describe('the way back', () => {
  test('brings everything that the target was given to the source, and the clients, too', async () => {
    const before = write(source);
    const first = await begin();
    await untilFollowing(first);
    await target.sql('ALTER TABLE flow.keyless REPLICA IDENTITY DEFAULT', database);
    await before.more(30);
    first.send(complete({ failBack: true }));
    await untilPhase(first, 'drained');
    await before.stop();
    await expectAllThere(before, target);
    first.send({ command: 'opened' });
    await untilPhase(first, 'guarding');
    expect(await source.sql('SELECT 1 FROM pg_replication_slots')).toEqual([]);
    // Tables without a key come back, too.
    await target.sql(
      "UPDATE flow.keyless SET word = 'changed' WHERE word = 'a'; DELETE FROM flow.keyless WHERE word = 'b'",
      database,
    );
    await target.sql('DELETE FROM flow.ledger', database);
    const after = write(target);
    await after.more(50);
    first.kill();
    await first.ended;
    await after.more(30);
    const opened = { completion: how({ failBack: true }), opened: true };
    const second = await begin(opened);
    await untilPhase(second, 'guarding');
    await after.more(30);
    second.send({ command: 'goBack', completion: how() });
    await untilPhase(second, 'drained');
    await expectAllThere(after, source);
    await after.stop();
    const sequences = 'SELECT last_value::int AS n FROM flow.numbers';
    expect(await source.sql(sequences, database)).toEqual(await target.sql(sequences, database));
    // The source takes writes again before anybody is led there.
    await source.sql("INSERT INTO flow.ledger VALUES ('back')", database);
    second.send({ command: 'opened' });
    expect(await second.ended).toEqual(DONE);
    await expectTidy('d');
  });

  test('that is given up leaves nothing', async () => {
    const worker = await begin();
    await untilPhase(worker, 'ready');
    worker.send(complete({ failBack: true, compare: null }));
    await untilPhase(worker, 'drained');
    worker.send({ command: 'opened' });
    await untilPhase(worker, 'guarding');
    await expect.poll(() => worker.progress()?.follow?.direction).toBe('back');
    expect(stepOf(worker, 'cleanUp')?.state).toBe('success');
    worker.send({ command: 'finish' });
    expect(await worker.ended).toEqual(DONE);
    expect(worker.progress()?.follow).toMatchObject({ lagBytes: 0, blockers: [] });
    expect(stepOf(worker, 'open')?.state).toBe('success');
    await expectTidy();
  });
});
