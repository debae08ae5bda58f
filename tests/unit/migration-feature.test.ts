import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Plane, PlaneCall } from '../../electron/adapters/control-plane/plane';
import { createFileTokens } from '../../electron/adapters/storage/file-tokens';
import { createMigrationFeature, type MigrationFeature } from '../../electron/features/migration/migration-feature';
import { reportHtml } from '../../electron/features/migration/report-html';
import type { ConnectionProfile } from '../../electron/ports';
import { completion, type Halt } from '../../shared/model/migration';
import type { CompareView, MigrationJobDetail, MigrationReport } from '../../shared/model/migration-api';
import { NEW_SERVER } from '../../shared/model/server';
import { memoryLog } from '../support/log';
import { followOf } from '../support/migration-jobs';

const context = { signal: new AbortController().signal };
const files = createFileTokens();

interface Asked {
  readonly service: string;
  readonly action: string;
  readonly body: Record<string, unknown>;
}

let folder: string;
let asked: Asked[];
let answers: Record<string, (body: Record<string, unknown>) => object>;
let pushed: string[][];
let feature: MigrationFeature;

const answer =
  (own: boolean) =>
  async <Schema extends z.ZodType>({ service = 'postgres', action, body, response }: PlaneCall<Schema>) => {
    const sent = { ...body };
    asked.push({ service: own ? 'own' : service, action, body: sent });
    return response.parse(answers[action]?.(sent) ?? {});
  };
const plane: Plane = { id: 'local', local: true, region: '', call: answer(false), callOwn: answer(true) };

const profile: ConnectionProfile = {
  ...{ host: 'db.example.org', port: 5433, database: 'postgres', user: 'shop', password: 'secret', role: '' },
  ssl: { ...NEW_SERVER.ssl, mode: 'verify-full', rootCert: '/etc/ca.pem' },
  ssh: { ...NEW_SERVER.ssh, enabled: true, host: 'bastion', user: 'jump' },
  ...{ sshPassword: 'jump secret', applicationName: '', connectTimeout: 20, statementTimeout: 0, keepAlive: 60 },
  ...{ options: '-c geqo=off', readOnly: false },
};

const job: MigrationJobDetail = {
  ...{ id: 'dts-abcd1234', name: 'Shop <new>', type: 'full', status: 'success', isolated: false, runMode: 'immediate' },
  ...{ scheduledAt: null, createdAt: 1, startedAt: 1, endedAt: 2, source: null, target: null, tags: [], actions: [] },
  ...{ problem: '', hint: '', fraction: 1, region: '', size: 'medium', options: null, retryMinutes: 0 },
  ...{ events: [{ at: 1, kind: 'created', text: 'The task was created' }], checkedAt: null, skipped: [] },
  workerPid: null,
  ...{ completion: null, canMoveAddress: false, compares: [] },
};
const report: MigrationReport = {
  ...{ job, findings: [], progress: null, tables: [], compared: [], madeAt: 3 },
  objects: [
    {
      ...{ database: 'shop', key: 'v', kind: 'VIEW', schema: 'public', name: 'evil', outcome: 'failed', at: 2 },
      ...{ reason: '<script>alert(1)</script>', statement: 'CREATE VIEW "a<b" AS SELECT 1' },
    },
  ],
};

const HALT: Halt = {
  ...{ database: 'shop', id: '0/5:1', kind: 'ddl', text: 'A column was dropped', statement: 'DROP <x>' },
  ...{ schema: 'public', table: 't', choices: ['apply', 'skip'], at: 1 },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-migration-'));
  asked = [];
  pushed = [];
  answers = { DescribeMigrationJobs: () => ({ TotalCount: 0, JobList: null }) };
  feature = createMigrationFeature({
    plane: () => plane,
    connections: {
      profile: async (_id, database) => ({ ...profile, database: database ?? profile.database }),
      name: () => 'Shop prod',
      onDisconnect: () => () => undefined,
      reportLost: () => undefined,
    },
    files,
    emit: (_name, { ids }) => void pushed.push(ids),
    log: memoryLog(),
  });
});
afterEach(async () => {
  await feature.close();
  rmSync(folder, { recursive: true, force: true });
});

const sent = (action: string): Asked | undefined => asked.find((each) => each.action === action);

describe('sides of a task', () => {
  it('takes a registered server with everything it is registered with', async () => {
    answers['TestMigrationEndpoint'] = () => ({ Steps: [], Facts: null });
    const side = { kind: 'server', serverId: 's1', database: '' } as const;
    await feature.handlers.test({ id: null, role: 'source', side }, context);
    expect(sent('TestMigrationEndpoint')).toMatchObject({ service: 'own', body: { Side: 'source' } });
    expect(sent('TestMigrationEndpoint')?.body['Endpoint']).toMatchObject({
      ...{ accessType: 'cvm', host: 'db.example.org', port: 5433, user: 'shop', database: 'postgres' },
      ...{ ssl: profile.ssl, ssh: profile.ssh, password: 'secret', sshPassword: 'jump secret' },
      ...{ options: '-c geqo=off', connectTimeout: 20 },
    });
  });

  it('keeps stored passwords by null, and asks an instance for its address later', async () => {
    answers['TestMigrationEndpoint'] = () => ({ Steps: [], Facts: null, NewHostKey: 'abc' });
    const account = { user: 'shop', password: null, database: 'postgres' };
    const side = { kind: 'instance', instanceId: 'postgres-1', region: 'ap-shanghai', ...account } as const;
    const found = await feature.handlers.test({ id: 'dts-1', role: 'target', side }, context);
    expect(found.newHostKey).toBe('abc');
    expect(sent('TestMigrationEndpoint')?.body).toMatchObject({
      JobId: 'dts-1',
      Endpoint: { accessType: 'cdb', instanceId: 'postgres-1', host: '', password: null },
    });
  });
});

describe('the list', () => {
  it('follows the order of the public list and leaves out what vanished meanwhile', async () => {
    answers['DescribeMigrationJobs'] = ({ Status }) =>
      Status === undefined
        ? { TotalCount: 7, JobList: ['dts-2', 'dts-1', 'dts-3'].map((JobId) => ({ JobId, Status: 'success' })) }
        : { TotalCount: 0, JobList: [] };
    answers['DescribeMigrationJobViews'] = ({ JobIds }) => ({
      Jobs: z
        .array(z.string())
        .parse(JobIds)
        .filter((id) => id !== 'dts-1')
        .map((id) => ({ ...job, id })),
    });
    const wanted = { search: ' shop ', statuses: [], tag: { key: 'team', value: 'shop' }, offset: 4, limit: 3 };
    const { total, jobs } = await feature.handlers.list(wanted, context);
    expect(total).toBe(7);
    expect(jobs.map(({ id }) => id)).toEqual(['dts-2', 'dts-3']);
    expect(asked.filter(({ service }) => service === 'own').map(({ action }) => action)).toEqual([
      'DescribeMigrationJobViews',
    ]);
    expect(sent('DescribeMigrationJobs')).toMatchObject({
      service: 'dts',
      body: { JobName: 'shop', TagFilters: [{ TagKey: 'team', TagValue: ['shop'] }], Offset: 4, Limit: 3 },
    });
    asked = [];
    await feature.handlers.list({ ...wanted, search: 'dts-abcd1234', tag: null, statuses: ['failed'] }, context);
    expect(sent('DescribeMigrationJobs')?.body).toEqual({
      ...{ JobId: 'dts-abcd1234', Status: ['failed'], Offset: 4, Limit: 3 },
    });
  });

  it('finds the isolated ones among all', async () => {
    const ids = Array.from({ length: 130 }, (_none, at) => `dts-${at}`);
    answers['DescribeMigrationJobs'] = ({ Status, Offset, Limit }) => {
      const from = Number(Offset);
      const page = Status === undefined ? ids.slice(from, from + Number(Limit)) : [];
      return { TotalCount: ids.length, JobList: page.map((JobId) => ({ JobId, Status: 'success' })) };
    };
    answers['DescribeMigrationJobViews'] = ({ JobIds }) => ({
      Jobs: z
        .array(z.string())
        .parse(JobIds)
        .map((id) => ({ ...job, id, isolated: id.endsWith('9') })),
    });
    const wanted = { search: '', statuses: ['isolated'], tag: null, offset: 10, limit: 2 };
    const { total, jobs } = await feature.handlers.list(wanted, context);
    expect(total).toBe(13);
    expect(jobs.map(({ id }) => id)).toEqual(['dts-109', 'dts-119']);
  });

  it('does not take an answer of another shape for a task', async () => {
    answers['DescribeMigrationJob'] = () => ({ Job: { ...job, status: 'flying' } });
    await expect(feature.handlers.detail({ id: 'dts-1' }, context)).rejects.toThrow();
  });
});

describe('the watch', () => {
  it('tells of busy tasks at every look, and of the end once', async () => {
    const looks = [['running'], ['running'], []];
    answers['DescribeMigrationJobs'] = () => {
      const statuses = looks.shift() ?? [];
      return { TotalCount: statuses.length, JobList: statuses.map((Status) => ({ JobId: 'dts-1', Status })) };
    };
    await feature.handlers.start({ id: 'dts-1' }, context);
    expect(sent('StartMigrateJob')).toMatchObject({ service: 'dts', body: { JobId: 'dts-1' } });
    await expect.poll(() => looks.length, { timeout: 5_000 }).toBe(0);
    await expect.poll(() => pushed.length).toBe(4);
    expect(pushed).toEqual([['dts-1'], ['dts-1'], ['dts-1'], ['dts-1']]);
  });
});

describe('a task that follows', () => {
  it('is completed, taken back, led back, finished and decided on by our own service', async () => {
    const id = 'dts-1';
    const how = completion.parse({ failBack: true });
    const decision = { database: 'shop', id: '0/5:1', choice: 'skip' } as const;
    await feature.handlers.complete({ id, completion: how }, context);
    await feature.handlers.takeBack({ id }, context);
    await feature.handlers.goBack({ id, completion: how }, context);
    await feature.handlers.finish({ id }, context);
    await feature.handlers.decide({ id, decision }, context);
    expect(asked.filter(({ service }) => service === 'own').map(({ action, body }) => [action, body])).toEqual([
      ['CompleteMigration', { JobId: id, Completion: how }],
      ['TakeBackCompletion', { JobId: id }],
      ['GoBackMigration', { JobId: id, Completion: how }],
      ['FinishMigration', { JobId: id }],
      ['DecideMigrationHalt', { JobId: id, Decision: decision }],
    ]);
  });

  it('is watched while it is compared, though it is over', async () => {
    const looks = ['running', 'running', 'consistent'];
    answers['CreateMigrationCompare'] = () => ({ CompareTaskId: 'c1' });
    answers['DescribeMigrationJobs'] = ({ JobId }) => {
      if (JobId === undefined) return { TotalCount: 0, JobList: [] };
      return { TotalCount: 1, JobList: [{ JobId, Status: 'success', CompareTask: { Status: looks.shift() } }] };
    };
    const wanted = { id: 'dts-1', name: '', mode: 'full', samplePercent: 10, tables: [] } as const;
    expect(await feature.handlers.compare({ ...wanted, tables: [] }, context)).toEqual({ compareId: 'c1' });
    await expect.poll(() => looks.length, { timeout: 5_000 }).toBe(0);
    await expect.poll(() => pushed.length).toBe(4);
  });

  it('has its comparisons read page by page, and refuses answers of another shape', async () => {
    const compare: CompareView = {
      ...{ id: 'c1', name: 'nightly <1>', status: 'success', mode: 'full', samplePercent: 100, createdAt: 1 },
      ...{ startedAt: 1, endedAt: 2, fraction: 1, tables: 2, equal: 1, different: 1, failed: 0, rows: 9 },
      ...{ differences: 1, problem: '', hint: '' },
    };
    answers['DescribeMigrationCompare'] = () => ({ Compare: compare, TotalCount: 2, Tables: [] });
    answers['DescribeMigrationDifferences'] = () => ({
      Differences: [{ kind: 'extra', key: [{ column: 'id', value: '1' }], columns: [] }],
    });
    const page = { id: 'dts-1', compareId: 'c1', search: 'x', result: 'different', offset: 0, limit: 10 };
    expect(await feature.handlers.compareTables(page, context)).toEqual({ compare, total: 2, tables: [] });
    expect(sent('DescribeMigrationCompare')?.body).toEqual({
      ...{ JobId: 'dts-1', CompareTaskId: 'c1', Search: 'x', Result: 'different', Offset: 0, Limit: 10 },
    });
    const table = { id: 'dts-1', compareId: 'c1', database: 'shop', schema: 'public', name: 't' };
    expect(await feature.handlers.differences(table, context)).toHaveLength(1);
    await feature.handlers.stopCompare({ id: 'dts-1', compareId: 'c1' }, context);
    await feature.handlers.deleteCompare({ id: 'dts-1', compareId: 'c1' }, context);
    expect([sent('StopCompare'), sent('DeleteCompareTask')]).toMatchObject([{ service: 'dts' }, { service: 'dts' }]);
    answers['DescribeMigrationDifferences'] = () => ({ Differences: [{ kind: 'odd' }] });
    await expect(feature.handlers.differences(table, context)).rejects.toThrow();
    const html = reportHtml({ ...report, job: { ...job, compares: [compare] } });
    expect(html).toContain('nightly &lt;1&gt;');
    expect(html).toContain('every row');
  });
});

describe('the report', () => {
  it('is a page without live parts of what servers said', () => {
    const html = reportHtml(report);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script');
    expect(html).toContain('Shop &lt;new&gt;');
    expect(html).toContain('CREATE VIEW &quot;a&lt;b&quot;');
    expect(html).not.toMatch(/(?:src|href)=/);
  });

  it('has its labels in the language of the window', () => {
    const html = reportHtml(report, 'zh-CN');
    expect(html).toContain('<html lang="zh-CN">');
    expect(html).toContain('失败和跳过的对象');
    expect(html).not.toContain('Failed and skipped objects');
    expect(html).toContain('CREATE VIEW &quot;a&lt;b&quot;');
  });

  it('tells how it was cut over, what was decided, and which rows differ', () => {
    const decided = { at: 5, kind: 'decided', text: 'Decided: skip: <b>' };
    const step = {
      step: 'drain' as const,
      state: 'success' as const,
      note: 'lag <0>',
      startedAt: 1000,
      endedAt: 61_000,
    };
    const table = { database: 'shop', schema: 'public', name: 't' };
    const compared = {
      compareId: 'c1',
      tables: [
        {
          ...{
            ...table,
            result: 'different' as const,
            mode: 'full' as const,
            rows: 7,
            estimatedRows: 7,
            sourceRows: 7,
          },
          ...{ targetRows: 7, chunks: 1, chunksDone: 1, differences: 1, startedAt: 1, endedAt: 2, reason: 'odd <t>' },
        },
      ],
      rows: [
        {
          ...table,
          rows: [
            {
              kind: 'changed' as const,
              key: [{ column: 'id', value: '42' }],
              columns: [{ column: 'word', source: '<a>', target: null }],
            },
          ],
        },
      ],
    };
    const html = reportHtml({
      ...report,
      job: { ...job, events: [decided] },
      progress: followOf({ cutOver: [step] }, { halts: [HALT] }),
      compared: [compared],
    });
    for (const text of ['last changes', '1970-01-01 00:01:01 UTC', 'lag &lt;0&gt;', 'Decided: skip: &lt;b&gt;'])
      expect(html).toContain(text);
    for (const text of ['A column was dropped', 'DROP &lt;x&gt;', 'odd &lt;t&gt;', 'id = 42', 'word: &lt;a&gt; → NULL'])
      expect(html).toContain(text);
  });

  it('is written by the ending of its name', async () => {
    answers['DescribeMigrationReport'] = () => ({ Report: report });
    const json = join(folder, 'report.json');
    const page = join(folder, 'report.html');
    for (const file of [json, page])
      await feature.handlers.saveReport({ id: job.id, fileToken: files.add(file, 'write') }, context);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual(report);
    expect(readFileSync(page, 'utf8')).toBe(reportHtml(report));
    const nowhere = files.add(join(folder, 'missing', 'report.html'), 'write');
    await expect(feature.handlers.saveReport({ id: job.id, fileToken: nowhere }, context)).rejects.toMatchObject({
      code: 'file',
    });
  });
});
