import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ControlPlane } from '../../electron/adapters/control-plane/control-plane';
import { createPlanesFeature, type PlanesFeature } from '../../electron/features/planes/planes-feature';
import { AppError } from '../../shared/errors';
import type { PlaneDefinition } from '../../shared/contract/planes';
import { memoryLog } from '../support/log';
import { FAKE_KEY, startFakePlane, type FakeAnswer, type FakePlane } from '../support/fake-plane';

const context = { signal: new AbortController().signal };
const controlPlane: ControlPlane = {
  state: () => ({ state: 'running', endpoint: '127.0.0.1:4711', version: '0.1.0', pid: 1 }),
  connect: async () => undefined,
  call: () => Promise.reject(new Error('not asked')),
  callOwn: () => Promise.reject(new Error('not asked')),
  find: async () => true,
  shutdown: async () => undefined,
};
const cloud: PlaneDefinition = {
  id: '',
  name: 'Company',
  endpoint: 'postgres.tencentcloudapi.com',
  protocol: 'https',
  region: 'ap-guangzhou',
  secretId: 'AKID123',
  secretKey: 'topsecret',
};

let folder: string;
let secrets: Map<string, string>;
let locked: boolean;
let changes: number;
let feature: PlanesFeature;
let fake: FakePlane | null = null;

const open = (local = controlPlane): PlanesFeature =>
  createPlanesFeature({
    folder,
    secrets: {
      async get(key) {
        if (locked) throw new AppError({ code: 'secrets-locked', message: 'locked' });
        return secrets.get(key) ?? null;
      },
      set: async (key, value) => void secrets.set(key, value),
      delete: async (key) => void secrets.delete(key),
      has: (key) => secrets.has(key),
    },
    controlPlane: local,
    emit: () => void (changes += 1),
    log: memoryLog(),
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-planes-'));
  secrets = new Map();
  locked = false;
  changes = 0;
  feature = open();
});
afterEach(async () => {
  await feature.close();
  await fake?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('registered control planes', () => {
  it('begin with the local one, which stays', async () => {
    expect(await feature.handlers.list({}, context)).toEqual([
      {
        id: 'local',
        name: 'This machine',
        endpoint: '127.0.0.1:4711',
        protocol: 'http',
        region: '',
        secretId: '',
        local: true,
      },
    ]);
    expect(feature.planes.get('local')).toMatchObject({ local: true, region: '' });
    await expect(feature.handlers.remove({ id: 'local' }, context)).rejects.toMatchObject({ code: 'denied' });
  });

  it('leave the prices to the local one', async () => {
    const asked: object[] = [];
    const card = { Currency: 'CNY', CpuHour: 35, MemoryGbHour: 7, StorageGbHour: 0.15 };
    const callOwn: ControlPlane['callOwn'] = async ({ action, body, response }) => {
      asked.push({ action, body });
      return response.parse(action === 'DescribeRateCard' ? card : {});
    };
    await feature.close();
    feature = open({ ...controlPlane, callOwn });
    const rates = await feature.handlers.rates({}, context);
    expect(rates).toEqual({ currency: 'CNY', cpuHour: 35, memoryGbHour: 7, storageGbHour: 0.15 });
    await feature.handlers.setRates(rates, context);
    expect(asked).toEqual([
      { action: 'DescribeRateCard', body: {} },
      { action: 'ModifyRateCard', body: card },
    ]);
  });

  it('are kept without their key, which goes to the secrets', async () => {
    const saved = await feature.handlers.save({ ...cloud, endpoint: 'https://postgres.tencentcloudapi.com/' }, context);
    expect(saved).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Company',
      endpoint: 'postgres.tencentcloudapi.com',
      protocol: 'https',
      region: 'ap-guangzhou',
      secretId: 'AKID123',
      local: false,
    });
    expect(secrets.get(`plane/${saved.id}/secretKey`)).toBe('topsecret');
    expect(readFileSync(join(folder, 'planes.json'), 'utf8')).not.toContain('topsecret');
    await feature.close();
    feature = open();
    expect((await feature.handlers.list({}, context)).map(({ name }) => name)).toEqual(['This machine', 'Company']);
    expect(feature.planes.list().map(({ id }) => id)).toEqual(['local', saved.id]);
    expect(changes).toBe(1);
  });

  it('keep their key when they change without a new one', async () => {
    const { id } = await feature.handlers.save(cloud, context);
    const before = feature.planes.get(id);
    await feature.handlers.save({ ...cloud, id, region: 'ap-shanghai', secretKey: '' }, context);
    expect(secrets.get(`plane/${id}/secretKey`)).toBe('topsecret');
    expect(feature.planes.get(id)).toMatchObject({ region: 'ap-shanghai' });
    expect(feature.planes.get(id)).not.toBe(before);
  });

  it('take their key with them when they go', async () => {
    const { id } = await feature.handlers.save(cloud, context);
    await feature.handlers.remove({ id }, context);
    expect(secrets.size).toBe(0);
    expect(() => feature.planes.get(id)).toThrow(expect.objectContaining({ code: 'not-found' }));
    await expect(feature.handlers.remove({ id }, context)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are refused with the field that is wrong', async () => {
    await feature.handlers.save(cloud, context);
    const wrong = [
      [{ name: 'company' }, 'name'],
      [{ name: 'B', endpoint: '' }, 'endpoint'],
      [{ name: 'B', protocol: 'http' }, 'protocol'],
      [{ name: 'B', region: '' }, 'region'],
      [{ name: 'B', secretId: ' ' }, 'secretId'],
      [{ name: 'B', secretKey: '' }, 'secretKey'],
    ] as const;
    for (const [change, field] of wrong) {
      await expect(feature.handlers.save({ ...cloud, ...change }, context)).rejects.toMatchObject({
        info: { code: 'invalid-input', field },
      });
    }
    expect(await feature.handlers.list({}, context)).toHaveLength(2);
  });

  it('say so when their key is not stored any more', async () => {
    const { id } = await feature.handlers.save(cloud, context);
    secrets.clear();
    await expect(
      feature.planes.get(id).call({ action: 'DescribeRegions', body: {}, response: z.object({}) }),
    ).rejects.toMatchObject({ info: { code: 'authentication', hint: expect.stringContaining('Control planes') } });
  });
});

describe('the test of a control plane', () => {
  const test = async (answer: FakeAnswer, change: Partial<PlaneDefinition> = {}) => {
    fake = await startFakePlane(() => answer);
    return feature.handlers.test(
      { ...cloud, ...FAKE_KEY, endpoint: fake.endpoint, protocol: 'http', ...change },
      context,
    );
  };
  const told = (steps: readonly { step: string; state: string }[]): string =>
    steps.map(({ step, state }) => `${state === 'ok' ? '✓' : state === 'failed' ? '✗' : '·'} ${step}`).join(' ');

  it('counts the instances', async () => {
    const found = await test({ result: { TotalCount: 12, DBInstanceSet: [] } });
    expect(found).toMatchObject({ ok: true, instances: 12, text: '' });
    expect(told(found.steps)).toBe('✓ address ✓ signature ✓ region ✓ permission');
    expect(fake?.requests[0]).toMatchObject({ action: 'DescribeDBInstances', region: 'ap-guangzhou' });
  });

  it.each([
    ['AuthFailure.SignatureFailure', '✓ address ✗ signature · region · permission'],
    ['AuthFailure.SecretIdNotFound', '✓ address ✗ signature · region · permission'],
    ['UnsupportedRegion', '✓ address ✓ signature ✗ region · permission'],
    ['AuthFailure.UnauthorizedOperation', '✓ address ✓ signature ✓ region ✗ permission'],
    ['UnauthorizedOperation.CamNoAuth', '✓ address ✓ signature ✓ region ✗ permission'],
  ])('names the step of %s', async (error, steps) => {
    const found = await test({ error });
    expect(told(found.steps)).toBe(steps);
    expect(found).toMatchObject({ ok: false, instances: null, text: expect.stringContaining(error) });
  });

  it('fails at the address when nobody answers, or somebody else', async () => {
    const silent = await feature.handlers.test({ ...cloud, endpoint: '127.0.0.1:1', protocol: 'http' }, context);
    expect(told(silent.steps)).toBe('✗ address · signature · region · permission');
    const strange = await test({ result: { Hello: 'world' } });
    expect(told(strange.steps)).toBe('✗ address · signature · region · permission');
  });

  it('fails at TLS when that is not spoken', async () => {
    const found = await test({ result: {} }, { protocol: 'https' });
    expect(told(found.steps)).toBe('✓ address ✗ tls · signature · region · permission');
  });

  it('uses the stored key, and asks for it to be unlocked', async () => {
    fake = await startFakePlane(() => ({ result: { TotalCount: 0, DBInstanceSet: [] } }));
    const mine = { ...cloud, ...FAKE_KEY, endpoint: fake.endpoint, protocol: 'http' } as const;
    const { id } = await feature.handlers.save(mine, context);
    expect(await feature.handlers.test({ ...mine, id, secretKey: '' }, context)).toMatchObject({ ok: true });
    locked = true;
    await expect(feature.handlers.test({ ...mine, id, secretKey: '' }, context)).rejects.toMatchObject({
      code: 'secrets-locked',
    });
  });
});
