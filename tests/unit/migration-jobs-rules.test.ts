import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJobLog } from '../../electron/control-plane/migration/job-log';
import { openJobResults } from '../../electron/control-plane/migration/job-results';
import {
  checkedStatus,
  lostDelay,
  mayBecome,
  mayRetry,
  resolveJobs,
  waitDelay,
} from '../../electron/control-plane/migration/job-rules';
import { wholeFraction } from '../../electron/control-plane/migration/job-views';
import {
  NO_SECRETS,
  readSecrets,
  secretsKey,
  withoutSecrets,
  writeSecrets,
} from '../../electron/control-plane/migration/seal';
import { allowedActions, JOB_STATUSES, type TableProgress } from '../../shared/model/migration';
import { memoryLog } from '../support/log';
import { findingOf, progressOf, refusal } from '../support/migration-jobs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'howdah-job-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('rules of tasks', () => {
  it('let a task come to an end from everywhere, and never out of one', () => {
    const reached = new Set(['created']);
    for (let before = 0; before !== reached.size;) {
      before = reached.size;
      for (const from of JOB_STATUSES.filter((each) => reached.has(each)))
        for (const to of JOB_STATUSES) if (mayBecome(from, to)) reached.add(to);
    }
    expect([...reached].toSorted()).toEqual([...JOB_STATUSES].toSorted());
    for (const to of JOB_STATUSES) {
      expect(mayBecome('success', to)).toBe(to === 'success');
      expect(mayBecome('canceled', to)).toBe(to === 'canceled');
    }
    expect(allowedActions('running', true)).toEqual(['recover', 'destroy']);
  });

  it('follow the wish, else the processors of a local target as far as the class allows', () => {
    const auto = { copyJobs: 0, indexJobs: 0 };
    expect(resolveJobs(auto, '2xlarge', true).copyJobs).toBe(Math.min(16, availableParallelism()));
    expect(resolveJobs(auto, 'medium', false)).toEqual({ copyJobs: 4, indexJobs: 4 });
    expect(resolveJobs(auto, 'small', false)).toEqual({ copyJobs: 2, indexJobs: 2 });
    expect(resolveJobs(auto, 'micro', true)).toEqual({ copyJobs: 1, indexJobs: 1 });
    expect(resolveJobs(auto, 'unheard of', true).copyJobs).toBe(Math.min(4, availableParallelism()));
    expect(resolveJobs({ copyJobs: 16, indexJobs: 0 }, 'small', true)).toEqual({
      copyJobs: 16,
      indexJobs: Math.min(2, availableParallelism()),
    });
  });

  it('wait longer from time to time, but not for ever', () => {
    expect([1, 2, 3, 7, 50].map(waitDelay)).toEqual([1000, 2000, 4000, 60_000, 60_000]);
    expect(lostDelay(1)).toBeLessThan(lostDelay(2));
    expect(lostDelay(50)).toBe(20_000);
    const since = 1_000_000;
    expect(mayRetry({ retryMinutes: 0, waitingSince: since }, since)).toBe(false);
    expect(mayRetry({ retryMinutes: 5, waitingSince: since }, since + 299_000)).toBe(true);
    expect(mayRetry({ retryMinutes: 5, waitingSince: since }, since + 300_000)).toBe(false);
  });

  it('count warnings as passed and nothing as not', () => {
    expect(checkedStatus([])).toBe('checkNotPass');
    expect(checkedStatus([findingOf({}), findingOf({ level: 'warning' })])).toBe('checkPass');
    expect(checkedStatus([findingOf({}), findingOf({ level: 'failed' })])).toBe('checkNotPass');
  });

  it('tell how far a task is by its steps', () => {
    const progress = progressOf({});
    expect(wholeFraction(progress)).toBeCloseTo(0.32);
    const all = progress.steps.map((each) => ({ ...each, state: 'success' as const }));
    expect(wholeFraction({ ...progress, steps: all })).toBe(1);
    expect(wholeFraction({ ...progress, steps: [] })).toBe(0);
  });
});

describe('passwords of a task', () => {
  const secrets = {
    source: { password: 'Elephant 1', sshPassword: null },
    target: { password: null, sshPassword: 'Tunnel 22' },
  };

  it('lie sealed and belong to their task and their control plane', async () => {
    const key = secretsKey('a'.repeat(64));
    await writeSecrets(folder, 'dts-aaaaaaaa', key, secrets);
    expect(readSecrets(folder, 'dts-aaaaaaaa', key)).toEqual(secrets);
    const text = readFileSync(join(folder, 'secrets.json'), 'utf8');
    expect(text).not.toMatch(/Elephant|Tunnel/);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o077).toBe(0);
    const opening = async (id: string, secret: string) => readSecrets(folder, id, secretsKey(secret));
    expect(await refusal(opening('dts-bbbbbbbb', 'a'.repeat(64)))).toBe('storage');
    expect(await refusal(opening('dts-aaaaaaaa', 'b'.repeat(64)))).toBe('storage');
    writeFileSync(join(folder, 'secrets.json'), text.slice(0, -20));
    expect(await refusal(opening('dts-aaaaaaaa', 'a'.repeat(64)))).toBe('storage');
  });

  it('are taken out of what others write', () => {
    expect(withoutSecrets('login of shop with Elephant 1 and Tunnel 22', secrets)).toBe(
      'login of shop with *** and ***',
    );
  });

  it('are taken out of statements, whoever they belong to', () => {
    const cases: readonly (readonly [string, string])[] = [
      ["ALTER ROLE a PASSWORD 'it''s' LOGIN", "ALTER ROLE a PASSWORD '***' LOGIN"],
      [
        `CREATE USER MAPPING FOR a SERVER s OPTIONS (\n    "user" 'shop',\n    password 'hi''dden'\n);`,
        `CREATE USER MAPPING FOR a SERVER s OPTIONS (\n    "user" 'shop',\n    password '***'\n);`,
      ],
      [String.raw`OPTIONS (ADD password E'hid\'den', dbname 'x')`, "OPTIONS (ADD password '***', dbname 'x')"],
      ["OPTIONS (SET sslpassword $$hid'den$$, a 'b')", "OPTIONS (SET sslpassword '***', a 'b')"],
      ['OPTIONS (password $q$hid$$den$q$)', "OPTIONS (password '***')"],
      ["OPTIONS (password 'hidden and cut o", "OPTIONS (password '***'"],
      [
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=hidden user=u' PUBLICATION p",
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=*** user=u' PUBLICATION p",
      ],
      [
        "CREATE SUBSCRIPTION s CONNECTION 'password = ''hid den'' user=u' PUBLICATION p",
        "CREATE SUBSCRIPTION s CONNECTION 'password = *** user=u' PUBLICATION p",
      ],
      ["SELECT dblink('host=h password=hidden')", "SELECT dblink('host=h password=***')"],
      ['connecting to postgresql://u:hidden@h/d', 'connecting to postgresql://u:***@h/d'],
    ];
    for (const [given, clean] of cases) expect(withoutSecrets(given, NO_SECRETS)).toBe(clean);
    const same = [
      'CREATE VIEW v AS SELECT * FROM u WHERE u.password = u.hash;',
      "COMMENT ON COLUMN u.password IS 'what a person types'",
      'password authentication failed for user "shop"',
    ];
    for (const text of same) expect(withoutSecrets(text, NO_SECRETS)).toBe(text);
  });
});

describe('the log of a task', () => {
  const line = (text: string) => ({ at: 1, level: 'info' as const, text });

  it('is read by the number of its lines, also after it was opened again', async () => {
    const log = openJobLog(folder);
    for (let at = 0; at < 5_000; at += 1) log.append(line(`line ${at}`));
    expect(await log.read(4_998, 10)).toEqual({
      total: 5_000,
      first: 4_998,
      rows: [line('line 4998'), line('line 4999')],
    });
    expect((await log.read(10, 2)).rows).toEqual([line('line 10'), line('line 11')]);
    log.close();
    const again = openJobLog(folder);
    again.append(line('line 5000'));
    expect((await again.read(0, 1)).rows).toEqual([line('line 0')]);
    expect(await again.read(4_999, 5)).toMatchObject({ total: 5_001, rows: [line('line 4999'), line('line 5000')] });
    expect(await again.read(9_000, 5)).toMatchObject({ total: 5_001, rows: [] });
    again.close();
  });

  it('stays bounded and keeps its numbers', async () => {
    const log = openJobLog(folder);
    const long = 'x'.repeat(20_000);
    for (let at = 0; at < 1_800; at += 1) log.append(line(`${at} ${long}`));
    log.close();
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(17 * 1024 * 1024);
    const again = openJobLog(folder);
    const { total, first, rows } = await again.read(0, 1);
    expect(total).toBe(1_800);
    expect(first).toBeGreaterThan(500);
    expect(rows[0]?.text.startsWith(`${first} `)).toBe(true);
    expect((await again.read(1_799, 1)).rows[0]?.text.startsWith('1799 ')).toBe(true);
    again.close();
  });

  it('survives a line that was cut off', async () => {
    const log = openJobLog(folder);
    log.append(line('whole'));
    log.close();
    const file = join(folder, 'log.jsonl');
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"at":2,"lev`);
    const again = openJobLog(folder);
    again.append(line('after'));
    const { rows, total } = await again.read(0, 10);
    expect(rows.at(0)).toEqual(line('whole'));
    expect(rows.at(-1)).toEqual(line('after'));
    again.close();
    expect((await openJobLog(folder).read(0, 10)).total).toBeGreaterThanOrEqual(total);
  });
});

describe('what workers tell', () => {
  const table = (name: string, state: TableProgress['state']): TableProgress => ({
    database: 'shop',
    schema: 'public',
    name,
    state,
    rows: 1,
    estimatedRows: 1,
    bytes: 1,
    totalBytes: 1,
    parts: 1,
    partsDone: 0,
    indexes: 0,
    indexesDone: 0,
    startedAt: null,
    endedAt: null,
    reason: '',
  });

  it('is kept, a table once, and found again by name and state', async () => {
    const results = openJobResults(folder, memoryLog());
    results.setProgress(progressOf({ tablesDone: 1 }));
    results.addTables([table('orders', 'copying'), table('Users', 'waiting')]);
    results.addTables([table('orders', 'done')]);
    results.addFindings([findingOf({})]);
    await results.flush();
    results.drop();
    const again = openJobResults(folder, memoryLog());
    expect(again.progress?.totals.tablesDone).toBe(1);
    expect(again.tables({ search: '', state: '', offset: 0, limit: 10 }).total).toBe(2);
    expect(again.tables({ search: 'user', state: '', offset: 0, limit: 10 }).rows).toEqual([table('Users', 'waiting')]);
    expect(again.tables({ search: '', state: 'done', offset: 0, limit: 10 }).rows).toEqual([table('orders', 'done')]);
    expect(again.tables({ search: '', state: '', offset: 1, limit: 1 }).rows).toHaveLength(1);
    expect(again.findings).toHaveLength(1);
    again.drop();
  });

  it('begins anew when its file is broken, and says so', () => {
    writeFileSync(join(folder, 'results.json'), '{"version":1');
    const log = memoryLog();
    expect(openJobResults(folder, log).progress).toBeNull();
    expect(log.records.map(({ level }) => level)).toEqual(['warn']);
  });
});
