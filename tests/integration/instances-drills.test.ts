import { afterAll, beforeAll, expect, it } from 'vitest';
import { instanceCommand } from '../../electron/cli/instance';
import type { DescribeDrillsResponse } from '../../shared/model/control-plane';
import { cloudClient, request } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { documentOf, isWhole, untilDocument } from '../support/instance-document';
import { ownService } from '../support/sdk-call';
import { askNode } from '../faults/support/nodes';

let state: string;
let plane: TestControlPlane;
let [a, b] = ['', ''];

const reports = async (id: string) =>
  (await ownService(plane).answer<DescribeDrillsResponse>('DescribeDrills', { DBInstanceId: id })).DrillSet;
const ended = (id: string) =>
  expect.poll(async () => (await reports(id))[0]?.EndedAt ?? null, { timeout: 90_000 }).not.toBeNull();
const tables = (id: string) =>
  askNode(
    state,
    id,
    documentOf(state, id).nodes[0]?.id ?? '',
    `SELECT relname FROM pg_class WHERE relname ~ '^howdah_drill_'`,
  );

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  const api = cloudClient(plane);
  const create = async (change: Parameters<typeof request>[0]): Promise<string> =>
    (await api.CreateInstances(request(change))).DBInstanceIdSet?.[0] ?? '';
  a = await create({
    DBNodeSet: [
      { Role: 'Primary', Zone: 'ap-guangzhou-3' },
      { Role: 'Standby', Zone: 'ap-guangzhou-4' },
    ],
  });
  b = await create({ Name: 'alone' });
  for (const id of [a, b]) await untilDocument(state, id, 'it is whole', isWhole, 120_000);
});
afterAll(() => stopEverything(state));

it('a zone is taken down at once: standbys take over, single nodes recover, and each reports', async () => {
  const out: string[] = [];
  const io = { out: (text: string) => void out.push(text), err: () => undefined, signal: new AbortController().signal };
  const code = await instanceCommand(['drill-zone', 'ap-guangzhou-3', '--json', '--state', state], io);
  const { drills } = JSON.parse(out.join('\n')) as { drills: { id: string; drill: { lost: number } }[] };
  expect(drills.map(({ id }) => id).toSorted()).toEqual([a, b].toSorted());
  expect([code, ...drills.map(({ drill }) => drill.lost)]).toEqual([0, 0, 0]);
  for (const id of [a, b]) {
    await ended(id);
    expect((await reports(id))[0]).toMatchObject({
      Problem: '',
      Lost: 0,
      DetectedMs: expect.any(Number),
      ServedMs: expect.any(Number),
      WholeMs: expect.any(Number),
      PromotedMs: id === a ? expect.any(Number) : null,
    });
    expect(
      documentOf(state, id)
        .events.map(({ text }) => text)
        .join(),
    ).toContain('Drill (zone)');
    expect(await tables(id)).toEqual([]);
  }
  expect(documentOf(state, a).nodes[0]?.zone).toBe('ap-guangzhou-4');
});

it('refuses a zone that is none', async () => {
  expect(await ownService(plane).refusal('StartZoneDrill', { Zone: 'ap-nowhere-1' })).toBe('InvalidParameterValue');
});

it('reports survive the daemon, and of a drill during which it ended nothing is left', async () => {
  await untilDocument(state, a, 'it is whole', isWhole, 120_000);
  const before = await reports(a);
  await ownService(plane).answer('StartDrill', { DBInstanceId: a, Scenario: 'kill' });
  await untilDocument(state, a, 'the drill has begun', ({ operation }) => operation !== null);
  await plane.kill();
  plane = await startControlPlane(state);
  const [cut, ...others] = await reports(a);
  expect(cut).toMatchObject({ EndedAt: expect.any(Number), Problem: 'The control plane ended during the drill' });
  expect(others).toEqual(before);
  await expect.poll(() => tables(a).catch(() => null), { timeout: 60_000 }).toEqual([]);
});
