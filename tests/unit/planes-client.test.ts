import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openCloudPlane } from '../../electron/adapters/control-plane/cloud-plane';
import type { Plane } from '../../electron/adapters/control-plane/plane';
import { createAuthority } from '../support/certificates';
import { FAKE_KEY, startFakePlane, type FakeAnswer, type FakePlane, type FakeRequest } from '../support/fake-plane';

let fake: FakePlane | null = null;
afterEach(() => fake?.close());

async function open(
  answer: (request: FakeRequest, index: number) => FakeAnswer,
  change: { secretId?: string; secretKey?: string; region?: string } = {},
): Promise<Plane> {
  fake = await startFakePlane(answer);
  return openCloudPlane({
    id: 'cloud',
    endpoint: fake.endpoint,
    protocol: 'http',
    region: change.region ?? 'ap-guangzhou',
    secretId: change.secretId ?? FAKE_KEY.secretId,
    secretKey: async () => change.secretKey ?? FAKE_KEY.secretKey,
  });
}

const response = z.object({ N: z.number() });
const read = { action: 'DescribeThing', body: { Name: 'x' }, response } as const;
const one = { result: { N: 1 } };

describe('the client of a cloud', () => {
  it('signs for the service that is called, in the region of the plane', async () => {
    const plane = await open(() => one);
    await plane.call(read);
    await plane.call({ ...read, service: 'vpc', region: 'ap-shanghai' });
    await plane.call({ ...read, service: 'tag' });
    expect(fake?.requests.map(({ service, version, region }) => [service, version, region])).toEqual([
      ['postgres', '2017-03-12', 'ap-guangzhou'],
      ['vpc', '2017-03-12', 'ap-guangzhou'],
      ['tag', '2018-08-13', 'ap-guangzhou'],
    ]);
    expect(fake?.requests[0]).toMatchObject({ host: fake?.endpoint, body: { Name: 'x' } });
    expect(plane).toMatchObject({ local: false, callOwn: null });
  });

  it('names no region where all are meant', async () => {
    const plane = await open(() => one, { region: '' });
    await plane.call(read);
    expect(fake?.requests[0]?.region).toBeUndefined();
  });

  it('waits and asks again when there were too many requests', async () => {
    const plane = await open((_request, index) => (index < 2 ? { error: 'RequestLimitExceeded' } : one));
    const begun = Date.now();
    expect(await plane.call({ ...read, action: 'ModifyThing' })).toEqual({ N: 1 });
    expect(fake?.requests).toHaveLength(3);
    expect(Date.now() - begun).toBeGreaterThan(1_000);
  });

  it('stops waiting when the person gives up', async () => {
    const plane = await open(() => ({ error: 'RequestLimitExceeded.UinLimitExceeded' }));
    const stop = new AbortController();
    const asked = plane.call({ ...read, signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(fake?.requests).toHaveLength(1);
  });

  it('asks again for what only reads when the connection was cut, never for a change', async () => {
    const plane = await open((_request, index) => (index % 2 === 0 ? 'cut' : one));
    expect(await plane.call(read)).toEqual({ N: 1 });
    await expect(plane.call({ ...read, action: 'ModifyThing' })).rejects.toMatchObject({ code: 'unreachable' });
    expect(fake?.requests).toHaveLength(3);
  });

  it('sends no more than eight requests at a time', async () => {
    const plane = await open(() => one);
    const answers = await Promise.all(Array.from({ length: 40 }, () => plane.call(read)));
    expect(answers).toHaveLength(40);
    expect(fake?.requests).toHaveLength(40);
  });

  it.each([
    [{ secretId: 'AKIDother' }, 'AuthFailure.SecretIdNotFound'],
    [{ secretKey: 'wrong' }, 'AuthFailure.SignatureFailure'],
  ])('tells what is wrong with %j', async (change, apiCode) => {
    const plane = await open(() => one, change);
    await expect(plane.call(read)).rejects.toMatchObject({
      info: {
        code: 'control-plane',
        apiCode,
        hint: expect.stringContaining('SecretKey'),
        detail: `${apiCode}, RequestId request-1`,
      },
    });
  });

  it('accepts only certificates that the system trusts', async () => {
    const tls = createAuthority('Nobody').issue('server', ['127.0.0.1']);
    fake = await startFakePlane(() => one, tls);
    const plane = openCloudPlane({
      id: 'cloud',
      endpoint: fake.endpoint,
      protocol: 'https',
      region: '',
      secretId: FAKE_KEY.secretId,
      secretKey: async () => FAKE_KEY.secretKey,
    });
    await expect(plane.call(read)).rejects.toMatchObject({ code: 'tls' });
    expect(fake.requests).toEqual([]);
  });
});
