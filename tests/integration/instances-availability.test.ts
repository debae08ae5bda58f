import { rm } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DescribeDrillsResponse } from '../../shared/model/control-plane';
import { DRILLS } from '../../shared/model/instance';
import { addressOf, cloudClient, createRunning, nextSecond, PASSWORD, type CloudClient } from '../support/cloud-client';
import { startCommitWriter } from '../support/commit-writer';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { dataOf, documentOf, isWhole, postmasterOf, untilDocument } from '../support/instance-document';
import { ownService } from '../support/sdk-call';

let state: string;
let plane: TestControlPlane;
let api: CloudClient;
let made: DBInstance = {};
let id = '';

const twoNodes = {
  DBNodeSet: [
    { Role: 'Primary', Zone: 'ap-guangzhou-3' },
    { Role: 'Standby', Zone: 'ap-guangzhou-4' },
  ],
};
const writerHere = () => startCommitWriter({ ...addressOf(made), user: 'shop', password: PASSWORD });
const whole = () => untilDocument(state, id, 'the instance is whole', isWhole);
const primaryId = (): string => documentOf(state, id).nodes[0]?.id ?? '';

/** The figures are promised for a machine that is not busy with something else; `npm run bench` measures them on one. */
const patience = (): number => Math.max(1, (loadavg()[0] ?? 0) / cpus().length);

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  api = cloudClient(plane);
});
afterAll(() => stopEverything(state));

describe('an instance of two nodes', () => {
  it('is running when both are whole and commits wait for the standby', async () => {
    [made = {}] = await createRunning(api, twoNodes);
    id = made.DBInstanceId ?? '';
    const record = await whole();
    expect(record.nodes.map(({ zone, role }) => [zone, role])).toEqual([
      ['ap-guangzhou-3', 'primary'],
      ['ap-guangzhou-4', 'standby'],
    ]);
  });

  it('changes places by a planned switch in less than a second and loses nothing', async () => {
    await whole();
    const writer = await writerHere();
    await writer.nextCommit();
    const before = primaryId();
    writer.reset();
    await api.SwitchDBInstancePrimary({ DBInstanceId: id, SwitchTag: 0 });
    const record = await untilDocument(
      state,
      id,
      'it has switched',
      (now) => now.nodes[0]?.id !== before && isWhole(now),
    );
    const gap = writer.longestGapMs();
    const { lost } = await writer.stop();
    expect(lost).toEqual([]);
    expect(gap).toBeLessThan(1_000 * patience());
    expect(record.zone).toBe('ap-guangzhou-4');
  });

  it.each<[what: string, blow: () => unknown]>([
    ['killed', () => process.kill(postmasterOf(state, id), 'SIGKILL')],
    ['stopped', () => process.kill(postmasterOf(state, id), 'SIGINT')],
    ['told to wait', () => process.kill(postmasterOf(state, id), 'SIGSTOP')],
    ['without its data folder', () => rm(dataOf(state, id), { recursive: true, force: true })],
  ])('fails over in less than 5 s when the primary is %s, and rebuilds it', async (_what, blow) => {
    await whole();
    await nextSecond();
    const writer = await writerHere();
    await writer.nextCommit();
    const before = primaryId();
    writer.reset();
    await blow();
    await untilDocument(state, id, 'another node is the primary', (now) => now.nodes[0]?.id !== before, 10_000);
    await writer.nextCommit();
    const gap = writer.longestGapMs();
    await whole();
    const { lost } = await writer.stop();
    expect(lost).toEqual([]);
    expect(gap).toBeLessThan(5_000 * patience());
  });

  it('goes on when the standby is lost, and builds it again', async () => {
    await whole();
    const writer = await writerHere();
    await writer.nextCommit();
    const standby = documentOf(state, id).nodes[1]?.id ?? '';
    const pid = postmasterOf(state, id, standby);
    writer.reset();
    process.kill(pid, 'SIGKILL');
    await untilDocument(
      state,
      id,
      'another process runs the standby',
      (now) => isWhole(now) && postmasterOf(state, id, standby) !== pid,
    );
    const gap = writer.longestGapMs();
    const rebuiltAfter = Date.now();
    await rm(dataOf(state, id, standby), { recursive: true, force: true });
    await untilDocument(
      state,
      id,
      'it is built',
      ({ history: [last], ...now }) =>
        last?.kind === 'rebuild' && last.ok && last.startedAt >= rebuiltAfter && isWhole({ ...now, history: [] }),
    );
    expect((await writer.stop()).lost).toEqual([]);
    expect(gap).toBeLessThan(2_000 * patience());
  });

  it.each(DRILLS)('a drill (%s) is done for real and reports', async (scenario) => {
    await whole();
    await nextSecond();
    const before = primaryId();
    const own = ownService(plane);
    await own.answer('StartDrill', { DBInstanceId: id, Scenario: scenario });
    const drill = async () =>
      (await own.answer<DescribeDrillsResponse>('DescribeDrills', { DBInstanceId: id })).DrillSet[0];
    await expect.poll(async () => (await drill())?.EndedAt ?? null, { timeout: 60_000 }).not.toBeNull();
    const report = await drill();
    expect(report).toMatchObject({ Scenario: scenario, Lost: 0, Problem: '' });
    expect(report?.Acknowledged).toBeGreaterThan(0);
    expect(report?.ServedMs).toBeLessThan(5_000 * patience());
    expect(report?.WholeMs).toBeGreaterThan(report?.ServedMs ?? 0);
    expect(primaryId()).not.toBe(before);
  });
});

it('PostgreSQL 11, which keeps its recovery settings in a file of its own, fails over and is rebuilt too', async () => {
  [made = {}] = await createRunning(api, { DBMajorVersion: '11', ...twoNodes });
  id = made.DBInstanceId ?? '';
  await whole();
  const writer = await writerHere();
  await writer.nextCommit();
  const before = primaryId();
  process.kill(postmasterOf(state, id), 'SIGKILL');
  await untilDocument(state, id, 'another node is the primary', (now) => now.nodes[0]?.id !== before, 10_000);
  await writer.nextCommit();
  await whole();
  await nextSecond();
  await api.SwitchDBInstancePrimary({ DBInstanceId: id, SwitchTag: 0 });
  await untilDocument(state, id, 'it has switched back', (now) => now.nodes[0]?.id === before && isWhole(now));
  await writer.nextCommit();
  expect((await writer.stop()).lost).toEqual([]);
});
