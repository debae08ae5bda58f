import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blotSecrets } from '../../electron/features/library/blot-secrets';
import { createHistoryStore, type HistoryQuestion } from '../../electron/features/library/history-store';
import type { HistoryEntry } from '../../shared/model/library';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = { write: () => undefined, bug: () => '' };
const never = new AbortController().signal;
const all: HistoryQuestion = { text: '', outcome: 'any', limit: 100 };

function entry(sql: string, more: Partial<HistoryEntry> = {}): Omit<HistoryEntry, 'id'> {
  return {
    serverId: 's1',
    server: 'Shop',
    database: 'shop',
    user: 'ann',
    at: 1_700_000_000_000,
    ms: 12,
    outcome: 'done',
    rows: 1,
    error: '',
    sql,
    ...more,
  };
}

function open(more: { most?: number; largest?: number; room?: number } = {}) {
  const broken: string[] = [];
  const { most = 1000, ...limits } = more;
  const store = createHistoryStore({
    file: join(folder, 'history.jsonl'),
    most: () => most,
    log,
    changed: () => undefined,
    onBroken: (kept) => void broken.push(kept),
    ...limits,
  });
  return {
    store,
    broken,
    texts: async (question = all) => (await store.find(question, never)).entries.map(({ sql }) => sql),
  };
}

describe('the history', () => {
  test('is there again after a start, newest first, by page, server, outcome and text', async () => {
    const { store } = open();
    for (let at = 0; at < 25; at += 1) {
      const outcome = at % 5 === 0 ? 'failed' : 'done';
      const error = outcome === 'failed' ? `Relation „T${at}“ is missing` : '';
      store.record(entry(`SELECT ${at} FROM Ünïcode`, { serverId: at % 2 ? 's1' : 's2', outcome, error }));
    }
    await store.close();
    expect(statSync(join(folder, 'history.jsonl')).mode & 0o777).toBe(0o600);

    const again = open();
    const first = await again.store.find({ ...all, limit: 10 }, never);
    expect(first.more).toBe(true);
    expect(first.entries.map(({ sql }) => sql)[0]).toBe('SELECT 24 FROM Ünïcode');
    const second = await again.store.find({ ...all, limit: 20, before: first.entries.at(-1)?.id ?? '' }, never);
    expect(second.more).toBe(false);
    expect(second.entries.map(({ sql }) => sql)).toHaveLength(15);
    expect(second.entries[0]?.sql).toBe('SELECT 14 FROM Ünïcode');
    expect(await again.texts({ ...all, text: 'ÜNÏCODE', serverId: 's1' })).toHaveLength(12);
    expect(await again.texts({ ...all, outcome: 'failed' })).toHaveLength(5);
    expect(await again.texts({ ...all, text: 't15“ is' })).toEqual(['SELECT 15 FROM Ünïcode']);
  });

  test('finds what is too long for memory', async () => {
    const { store, texts } = open({ room: 3000 });
    store.record(entry(`SELECT '${'x'.repeat(5000)} needle'`));
    for (let at = 0; at < 50; at += 1) store.record(entry(`SELECT ${at}, '${'y'.repeat(100)}'`));
    expect(await texts({ ...all, text: 'NEEDLE' })).toHaveLength(1);
    expect(await texts({ ...all, text: 'select 49,' })).toHaveLength(1);
    expect(await texts({ ...all, text: 'nothing like it' })).toEqual([]);
  });

  test('large texts come a few at a time, cut to a million characters', async () => {
    const { store, texts } = open();
    for (let at = 0; at < 12; at += 1) store.record(entry(`SELECT ${at} ${'x'.repeat(2_000_000)}`));
    const { entries, more } = await store.find(all, never);
    expect(more).toBe(true);
    expect(entries.length).toBeGreaterThan(3);
    expect(entries.every(({ sql }) => sql.length === 1_000_000)).toBe(true);
    const rest = await texts({ ...all, before: entries.at(-1)?.id ?? '' });
    expect(entries.length + rest.length).toBe(12);
  });

  test('loses only what was being written, wherever the end came', async () => {
    const { store } = open();
    for (const sql of ['SELECT 1', 'SELECT 2', 'SELECT 3']) store.record(entry(sql));
    await store.close();
    const file = join(folder, 'history.jsonl');
    const whole = readFileSync(file);
    const lastStart = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (const end of [lastStart + 1, lastStart + 40, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, end));
      writeFileSync(`${file}.0123456789ab.tmp`, 'half of it');
      const again = open();
      again.store.record(entry('SELECT 4'));
      expect(await again.texts()).toEqual(['SELECT 4', 'SELECT 2', 'SELECT 1']);
      expect(again.broken).toEqual([]);
      expect(readdirSync(folder)).toEqual(['history.jsonl']);
    }
  });

  test('a broken line is told, the file kept aside, the rest used', async () => {
    const { store } = open();
    store.record(entry('SELECT 1'));
    await store.close();
    const file = join(folder, 'history.jsonl');
    appendFileSync(file, '{"id": 7}\n\u0000\u0000\u0000\n');
    const again = open();
    again.store.record(entry('SELECT 2'));
    expect(await again.texts()).toEqual(['SELECT 2', 'SELECT 1']);
    expect(again.broken).toHaveLength(1);
    expect(readFileSync(again.broken[0] ?? '', 'utf8')).toContain('{"id": 7}');
    await again.store.close();
    const third = open();
    expect(await third.texts()).toHaveLength(2);
    expect(third.broken).toEqual([]);
  });

  test('keeps to its size, by entries and by bytes', async () => {
    const { store, texts } = open({ most: 20 });
    for (let at = 0; at < 100; at += 1) store.record(entry(`SELECT ${at}`));
    const kept = await texts();
    expect(kept[0]).toBe('SELECT 99');
    expect(kept.length).toBeLessThanOrEqual(22);
    await store.close();
    rmSync(join(folder, 'history.jsonl'));
    const small = open({ largest: 20_000 });
    for (let at = 0; at < 100; at += 1) {
      small.store.record(entry(`SELECT ${at}, '${'z'.repeat(1000)}'`));
      await small.store.close();
    }
    expect(statSync(join(folder, 'history.jsonl')).size).toBeLessThan(22_000);
    expect((await small.texts())[0]).toContain('SELECT 99');
  });

  test('what is removed is not on the disk any more', async () => {
    const { store, texts } = open();
    store.record(entry('SELECT 1', { serverId: 's2' }));
    store.record(entry('SELECT forget_me'));
    store.record(entry('SELECT 3'));
    const [found] = (await store.find({ ...all, text: 'forget' }, never)).entries;
    await store.remove(({ id }) => id === found?.id);
    expect(readFileSync(join(folder, 'history.jsonl'), 'utf8')).not.toContain('forget_me');
    store.record(entry('SELECT 4'));
    expect(await texts()).toEqual(['SELECT 4', 'SELECT 3', 'SELECT 1']);
    await store.remove(({ serverId }) => serverId === 's1');
    expect(await texts()).toEqual(['SELECT 1']);
  });

  test('a search of 100,000 statements costs less than reading them', async () => {
    const { id: _none, ...plain } = { id: '', ...entry('') };
    const lines: string[] = [];
    for (let at = 0; at < 100_000; at += 1) {
      const sql = `SELECT o.id, o.placed_at FROM orders AS o JOIN customers AS c ON c.id = o.customer_id WHERE c.name = 'name ${at}' ORDER BY 1`;
      lines.push(JSON.stringify({ ...plain, id: `e${at}`, sql }));
    }
    writeFileSync(join(folder, 'history.jsonl'), `${lines.join('\n')}\n`);
    const { texts } = open({ most: 200_000 });
    const started = performance.now();
    expect(await texts()).toHaveLength(100);
    const loaded = performance.now();
    expect(await texts({ ...all, text: "'NAME 77'" })).toHaveLength(1);
    expect(await texts({ ...all, text: 'not in any of them' })).toEqual([]);
    const searched = (performance.now() - loaded) / 2;
    expect(searched).toBeLessThan((loaded - started) / 2);
  });
});

describe('secrets', () => {
  const secret = "S3cr'et";
  const doubled = "S3cr''et";
  test.each([
    `ALTER ROLE ann PASSWORD '${doubled}'`,
    `create user "a b" with login encrypted /* why */ password\n E'S3cr\\'et' valid until '2030-01-01'`,
    `ALTER ROLE ann PASSWORD $x$${secret}$x$`,
    `ALTER ROLE ann PASSWORD U&'${doubled}'`,
    `ALTER ROLE ann PASSWORD 'S3cr'\n'et'`,
    `ALTER ROLE ann PASSWORD '${doubled}`,
    `CREATE USER MAPPING FOR ann SERVER far OPTIONS (user 'ann', password '${doubled}')`,
    `ALTER USER MAPPING FOR ann SERVER far OPTIONS (SET "password" '${doubled}')`,
    `CREATE SUBSCRIPTION s CONNECTION 'host=far password=S3cret dbname=x' PUBLICATION p`,
    `CREATE SUBSCRIPTION s CONNECTION 'host=far password=''S3c ret'' dbname=x' PUBLICATION p`,
    `SELECT * FROM dblink('postgresql://ann:S3cret@far/x', 'SELECT 1') AS t(a int)`,
    `SELECT dblink_connect('host=far PASSWORD = S3cret')`,
    `SELECT set_config('my.password', '${doubled}', false)`,
    `SET my.password = '${doubled}'`,
    `DO $$ BEGIN EXECUTE 'ALTER ROLE x'; ALTER ROLE ann PASSWORD '${doubled}'; END $$`,
    `-- password=S3cret\nSELECT 1`,
    `-- password='S3cret\\`,
  ])('go out of %s', (sql) => {
    const kept = blotSecrets(sql, `ERROR: near "${secret}"`);
    expect(kept.sql).not.toMatch(/S3c|'et'/);
    expect(kept.sql).toContain('***');
  });

  test('of large texts in a time that grows with them', () => {
    const letters = 'secret'.repeat(160_000);
    const sql = `INSERT INTO t VALUES ('${letters}', 'password=${letters}'); -- ${letters}`;
    expect(blotSecrets(sql, '').sql).toBe(`INSERT INTO t VALUES ('${letters}', 'password=***'); -- ${letters}`);
  });

  test('of what the server said as well', () => {
    expect(blotSecrets("ALTER ROLE ann PASSWORD 'S3cret' foo", 'syntax error near "S3cret"').said).not.toContain(
      'S3cret',
    );
  });

  test.each([
    "SELECT 'a' AS password_hint, 'b'",
    'ALTER ROLE ann PASSWORD NULL',
    "SELECT * FROM users WHERE name = 'password'",
    "SELECT * FROM pg_roles WHERE rolpassword IS NULL AND rolname = 'ann'",
    "INSERT INTO t (url) VALUES ('https://example.org/a:b@c')",
    'DO $$ BEGIN PERFORM 1; END $$',
  ])('%s stays as it is', (sql) => {
    expect(blotSecrets(sql, '').sql).toBe(sql);
  });
});
