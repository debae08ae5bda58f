import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  configurationOf,
  ended,
  findingOf,
  HANG,
  openBench,
  PASSED,
  refusal,
  type Bench,
} from '../support/migration-jobs';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const found = (level: 'warning' | 'failed') => [
  { say: { event: 'findings', findings: [findingOf({}), findingOf({ step: 'ObjectCheck', level })] } },
  ended('done'),
];

describe('a task', () => {
  it('is created, configured, verified, run, and kept', async () => {
    const { jobs } = bench;
    const { id } = await jobs.create({
      name: 'move',
      region: 'ap-guangzhou',
      size: 'small',
      tags: [{ key: 'a', value: 'b' }],
    });
    expect(id).toMatch(/^dts-[0-9a-z]{8}$/);
    expect(await refusal(jobs.check(id))).toBe('conflict');
    await jobs.configure(id, configurationOf([PASSED, [ended('done')]], { options: { copyJobs: 9 } }));
    expect(await refusal(jobs.start(id))).toBe('conflict');
    await jobs.check(id);
    expect(await refusal(jobs.check(id))).toBe('conflict');
    await bench.until(id, 'checkPass');
    await jobs.start(id);
    await bench.until(id, 'success');
    expect(bench.events(id)).toEqual(['created', 'configured', 'check', 'check-passed', 'started', 'success']);
    expect(bench.starts(id).map((line) => line.replace(/ \d+ /, ' '))).toEqual(['check 9 2', 'run 9 2']);
    await bench.again();
    expect(bench.jobs.get(id)).toMatchObject({ status: 'success', name: 'move', endedAt: expect.any(Number) });
    expect(bench.jobs.findings(id)).toHaveLength(1);
  });

  it('does not pass with a failed check, passes with warnings, and failed ones cannot be skipped', async () => {
    const failing = await bench.made([found('failed')]);
    await bench.jobs.check(failing);
    await bench.until(failing, 'checkNotPass');
    expect(bench.jobs.get(failing)?.end).toMatchObject({ problem: '1 checks failed' });
    expect(await refusal(bench.jobs.skip(failing, ['ObjectCheck']))).toBe('conflict');
    expect(await refusal(bench.jobs.start(failing))).toBe('conflict');
    const warned = await bench.made([found('warning')]);
    await bench.jobs.check(warned);
    await bench.until(warned, 'checkPass');
    await bench.jobs.skip(warned, ['ObjectCheck']);
    expect(bench.jobs.get(warned)?.skipped).toEqual(['ObjectCheck']);
    expect(await refusal(bench.jobs.skip(warned, ['CapacityCheck']))).toBe('invalid-input');
  });

  it('whose checks are stopped is as it was before them', async () => {
    const id = await bench.made([[{ say: { event: 'checking', step: 'ObjectCheck' } }, HANG]]);
    await bench.jobs.check(id);
    await expect.poll(() => bench.jobs.checkingStep(id)).toBe('ObjectCheck');
    await bench.jobs.act(id, 'stop');
    await bench.until(id, 'created');
    expect(bench.jobs.checkingStep(id)).toBeNull();
  });

  it('with a time waits for it, also when the daemon was not there then', async () => {
    const soon = await bench.made([PASSED, [ended('done')]], { runMode: 'timed', at: Date.now() + 4_000 });
    const later = await bench.made([PASSED, [ended('done')]], { runMode: 'timed', at: Date.now() + 3_600_000 });
    await bench.jobs.start(soon);
    await bench.jobs.start(later);
    expect([bench.status(soon), bench.status(later)]).toEqual(['readyRun', 'readyRun']);
    await bench.again();
    await bench.until(soon, 'success');
    expect(bench.status(later)).toBe('readyRun');
    await bench.jobs.act(later, 'stop');
    expect(bench.status(later)).toBe('checkPass');
    await bench.jobs.start(later);
    await bench.jobs.start(later);
    await bench.until(later, 'success');
    expect(await refusal(bench.made([PASSED], { runMode: 'timed', at: Date.now() - 1 }))).toBe('invalid-input');
    expect(await refusal(bench.made([PASSED], { runMode: 'timed', at: null }))).toBe('invalid-input');
  });

  it('is isolated, recovered, destroyed with everything it kept, and nothing of it comes back', async () => {
    const id = await bench.made([PASSED]);
    expect(await refusal(bench.jobs.act(id, 'destroy'))).toBe('conflict');
    await bench.jobs.act(id, 'isolate');
    expect(await refusal(bench.jobs.start(id))).toBe('conflict');
    expect(await refusal(bench.jobs.rename(id, 'other'))).toBe('conflict');
    await bench.jobs.act(id, 'recover');
    expect(bench.status(id)).toBe('checkPass');
    await bench.jobs.act(id, 'isolate');
    await bench.jobs.act(id, 'destroy');
    expect(bench.jobs.get(id)).toBeUndefined();
    expect(existsSync(join(bench.folder, id))).toBe(false);
    await bench.again();
    expect(bench.jobs.list()).toEqual([]);
    expect(await refusal(bench.jobs.act(id, 'destroy'))).toBe('not-found');
  });

  it('that was isolated long enough destroys itself', async () => {
    const short = await openBench({ recycleMs: 1 });
    try {
      const id = await short.made([PASSED]);
      await short.jobs.act(id, 'isolate');
      await expect.poll(() => short.jobs.get(id), { timeout: 10_000 }).toBeUndefined();
    } finally {
      await short.close();
    }
  });

  it('keeps what it does once it has begun, and takes new passwords', async () => {
    const play = [PASSED, [HANG]];
    const id = await bench.made(play);
    await bench.jobs.start(id);
    await expect.poll(() => bench.starts(id).length).toBe(2);
    const other = configurationOf(play, { options: { type: 'structure' } });
    expect(await refusal(bench.jobs.configure(id, other))).toBe('conflict');
    const same = configurationOf(play);
    await bench.jobs.configure(id, {
      ...same,
      retryMinutes: 7,
      target: { ...same.target, secrets: { password: 'another', sshPassword: null } },
    });
    expect(bench.jobs.get(id)).toMatchObject({ status: 'running', retryMinutes: 7 });
    await bench.jobs.act(id, 'stop');
    await bench.until(id, 'canceled');
    expect(await refusal(bench.jobs.configure(id, same))).toBe('conflict');
  });

  it('refuses what makes no sense', async () => {
    const { jobs } = bench;
    const id = await bench.made([PASSED]);
    const base = configurationOf([PASSED]);
    const nothing = { mode: 'partial' as const, roleMode: 'none' as const, roles: [], databases: [] };
    const shop = { name: 'shop', newName: '', mode: 'all' as const, schemas: [] };
    const wrong = [
      { options: { ...base.options, objects: nothing } },
      { options: { ...base.options, objects: { ...nothing, databases: [shop, shop] } } },
      {
        options: {
          ...base.options,
          objects: { ...nothing, databases: [shop, { ...shop, name: 'b', newName: 'shop' }] },
        },
      },
      { name: ' ' },
      { name: 'x'.repeat(129) },
      { tags: [{ key: '', value: '' }] },
      { retryMinutes: 721 },
      { source: { ...base.source, endpoint: { ...base.source.endpoint, host: '' } } },
      { target: { ...base.target, endpoint: { ...base.target.endpoint, accessType: 'cdb' as const } } },
    ];
    for (const change of wrong) expect(await refusal(jobs.configure(id, { ...base, ...change }))).toBe('invalid-input');
    expect(await refusal(jobs.rename('dts-00000000', 'x'))).toBe('not-found');
    expect(await refusal(jobs.limit(id, { copyJobs: 3 }))).toBe('conflict');
  });
});

describe('a task that failed', () => {
  const object = (key: string, outcome: string, more: object = {}) => ({
    ...{ database: 'shop', key, kind: 'VIEW', schema: 'public', name: key, outcome },
    ...{ reason: outcome, statement: '', at: 1, ...more },
  });

  it('and was resumed has no failed object when it succeeds, though what failed is not there any more', async () => {
    const objects = [object('a', 'done'), object('b', 'failed'), object('gone', 'failed'), object('c', 'skipped')];
    const id = await bench.made([
      PASSED,
      [{ say: { event: 'objects', objects } }, ended('incomplete', '2 objects failed')],
      [{ say: { event: 'objects', objects: [object('b', 'done')] } }, ended('done')],
    ]);
    await bench.jobs.start(id);
    await bench.until(id, 'failed');
    expect((await bench.jobs.report(id)).objects.map(({ key }) => key)).toEqual(['b', 'gone', 'c']);
    await bench.jobs.act(id, 'resume');
    await bench.until(id, 'success');
    expect((await bench.jobs.report(id)).objects.map(({ key }) => key)).toEqual(['c']);
    const wanted = { search: '', outcome: 'failed', offset: 0, limit: 10 };
    expect(bench.jobs.objects(id, wanted).total).toBe(0);
  });
});

describe('what is told', () => {
  it('holds no password of a statement, but the repair that is run', async () => {
    const secret = "CREATE USER MAPPING FOR a SERVER b OPTIONS (password 'pl41n')";
    const fix = { side: 'source' as const, database: 'shop', statements: [`${secret};`] };
    const finding = findingOf({ found: secret, items: [secret], sql: secret, remedy: secret, fix });
    const object = {
      database: 'shop',
      key: 'm',
      kind: 'USER MAPPING',
      schema: '',
      name: 'm',
      outcome: 'failed',
      at: 1,
    };
    const id = await bench.made([
      [{ say: { event: 'findings', findings: [finding] } }, ended('done')],
      [
        { say: { event: 'objects', objects: [{ ...object, reason: secret, statement: secret }] } },
        ended('incomplete', secret),
      ],
    ]);
    await bench.jobs.check(id);
    await bench.until(id, 'checkPass');
    expect(bench.jobs.findings(id)).toMatchObject([{ fix }]);
    await bench.jobs.start(id);
    await bench.until(id, 'failed');
    const { findings, ...report } = await bench.jobs.report(id);
    expect(JSON.stringify([report, { ...findings[0], fix: null }])).not.toContain('pl41n');
    expect(report.objects[0]?.statement).toBe(secret.replace('pl41n', '***'));
    // What a run depends on is not changed beside it.
    expect(await refusal(bench.jobs.fix(id, { check: finding.check, database: '', side: 'source' }))).toBe('conflict');
  });
});

describe('the records', () => {
  it('come back from their copy; one that is lost takes no other with it', async () => {
    const [one, two] = [await bench.made([PASSED]), await bench.made([PASSED])];
    await bench.jobs.close();
    writeFileSync(join(bench.folder, one, 'job.json'), '{"version":1,');
    writeFileSync(join(bench.folder, two, 'job.json'), 'x');
    writeFileSync(join(bench.folder, two, 'job.json.kept'), 'x');
    await bench.again();
    expect(bench.status(one)).toBe('checkPass');
    expect(bench.jobs.get(two)).toBeUndefined();
    expect(existsSync(join(bench.folder, two))).toBe(true);
  });

  it('whose passwords cannot be opened fail the task in words, and take new ones', async () => {
    const play = [PASSED, [ended('done')]];
    const id = await bench.made(play);
    await bench.jobs.close();
    writeFileSync(join(bench.folder, id, 'secrets.json'), '{}');
    await bench.again();
    await bench.jobs.start(id);
    await bench.until(id, 'failed');
    expect(bench.jobs.get(id)?.end).toMatchObject({
      problem: expect.stringContaining('cannot be opened'),
      hint: 'Enter them again.',
    });
    await bench.jobs.configure(id, configurationOf(play));
    await bench.jobs.act(id, 'resume');
    await bench.until(id, 'success');
  });

  it('that cannot be written for a while do not lose the task', async () => {
    const id = await bench.made([PASSED, [HANG]]);
    await bench.jobs.start(id);
    await expect.poll(() => bench.starts(id).length).toBe(2);
    const folder = join(bench.folder, id);
    // A folder in the place of the file: the record cannot be written.
    renameSync(join(folder, 'job.json'), join(folder, 'aside'));
    mkdirSync(join(folder, 'job.json'));
    process.kill(Number(bench.starts(id)[1]?.split(' ')[1]), 'SIGTERM');
    await expect
      .poll(() => bench.log.records.some(({ text }) => text.includes('could not be written')), { timeout: 10_000 })
      .toBe(true);
    rmSync(join(folder, 'job.json'), { recursive: true });
    await bench.jobs.act(id, 'stop');
    await bench.until(id, 'canceled');
  });

  it('hold no password in the clear', async () => {
    const id = await bench.made([PASSED, [{ babble: true }]]);
    await bench.jobs.start(id);
    await bench.until(id, 'failed');
    await bench.jobs.close();
    const folder = join(bench.folder, id);
    const telling = readdirSync(folder).filter((name) =>
      readFileSync(join(folder, name), 'utf8').includes('secret of'),
    );
    expect(telling).toEqual([]);
    await bench.again();
    const told = [bench.jobs.get(id), await bench.jobs.report(id), await bench.jobs.log(id, 0, 100), bench.log.records];
    expect(JSON.stringify(told)).not.toContain('secret of the');
    expect(bench.jobs.get(id)?.end).toMatchObject({ problem: '*** is wrong' });
    expect(bench.jobs.get(id)?.hasPassword).toEqual({ source: true, sourceSsh: false, target: true, targetSsh: false });
  });
});
