import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nextSecond } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { ownService, postgresService, vpcService } from '../support/sdk-call';

/** Both kinds of signature, by the official SDK and by a signer of the test's own; and what is no request at all. */

let state: string;
let plane: TestControlPlane;

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
});
afterAll(() => stopEverything(state));

interface Reply {
  readonly status: number;
  /** The code of the refusal; empty when it was answered. */
  readonly code: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

const envelope = z.object({
  Response: z.looseObject({
    RequestId: z.string(),
    Error: z.object({ Code: z.string(), Message: z.string() }).optional(),
  }),
});

function send(method: string, path: string, body: string, headers: Record<string, string> = {}): Promise<Reply> {
  const [host, port] = plane.endpoint.split(':');
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host, port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('end', () => {
        const { Response } = envelope.parse(JSON.parse(text));
        resolve({ status: response.statusCode ?? 0, code: Response.Error?.Code ?? '', answer: Response });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

let nonce = 1;

interface Wanted {
  readonly method?: 'GET' | 'POST';
  readonly algorithm?: 'HmacSHA256' | 'HmacSHA1';
  readonly host?: string;
  readonly change?: Record<string, string>;
  /** Changes after signing. */
  readonly forged?: Record<string, string>;
}

/** Signs as the public description says: parameters sorted by name, values as they are, base64. */
function sendSigned(parameters: Record<string, string>, wanted: Wanted = {}): Promise<Reply> {
  const { method = 'POST', algorithm = 'HmacSHA256', host = plane.endpoint, change = {}, forged = {} } = wanted;
  const all: Record<string, string> = {
    Version: '2017-03-12',
    Region: 'ap-guangzhou',
    Nonce: String((nonce += 1)),
    Timestamp: String(Math.floor(Date.now() / 1000)),
    SecretId: plane.secretId,
    SignatureMethod: algorithm,
    ...parameters,
    ...change,
  };
  const sorted = Object.keys(all).toSorted();
  const text = `${method}${host}/?${sorted.map((name) => `${name}=${all[name]}`).join('&')}`;
  const hash = algorithm === 'HmacSHA1' ? 'sha1' : 'sha256';
  const Signature = createHmac(hash, plane.secretKey).update(text).digest('base64');
  const form = new URLSearchParams({ ...all, Signature, ...forged }).toString();
  return method === 'GET'
    ? send('GET', `/?${form}`, '')
    : send('POST', '/', form, { 'content-type': 'application/x-www-form-urlencoded' });
}

describe('the official SDK', () => {
  const profiles = [
    ['TC3-HMAC-SHA256', 'POST'],
    ['TC3-HMAC-SHA256', 'GET'],
    ['HmacSHA256', 'POST'],
    ['HmacSHA256', 'GET'],
    ['HmacSHA1', 'POST'],
  ] as const;

  it.each(profiles)('signs with %s and %s', async (signMethod, reqMethod) => {
    const profile = { signMethod, httpProfile: { reqMethod } };
    const postgres = postgresService(plane, 'ap-guangzhou', profile);
    const vpc = vpcService(plane, 'ap-guangzhou', profile);
    expect(await postgres.answer('DescribeZones')).toMatchObject({ TotalCount: 3 });
    const filters = { Filters: [{ Name: 'db-instance-name', Values: ['未命名 & more', 'b=c'] }], Limit: 5 };
    expect(await postgres.answer('DescribeDBInstances', filters)).toMatchObject({ TotalCount: 0 });
    expect(await postgres.refusal('DescribeDBInstances', { Limit: 101 })).toBe(
      'InvalidParameterValue.ParameterOutOfRange',
    );
    expect(await postgres.refusal('DescribeDBInstances', { Limit: 'many' })).toBe('InvalidParameter');
    expect(await postgres.refusal('DescribeDBInstances', { Colour: 'red' })).toBe('UnknownParameter');
    const GroupName = `${signMethod}-${reqMethod}`;
    const policies = { Ingress: [{ Protocol: 'TCP', Port: '5432', CidrBlock: '127.0.0.0/8', Action: 'ACCEPT' }] };
    await vpc.answer('CreateSecurityGroupWithPolicies', {
      GroupName,
      GroupDescription: 'a b',
      SecurityGroupPolicySet: policies,
    });
    const named = { Filters: [{ Name: 'security-group-name', Values: [GroupName] }] };
    expect(await vpc.answer('DescribeSecurityGroups', named)).toMatchObject({ TotalCount: 1 });
    expect(await ownService(plane, 'ap-guangzhou', profile).answer('DescribeRateCard')).toMatchObject({
      Currency: 'CNY',
    });
  });

  it('is refused with another key', async () => {
    const stranger = { ...plane, secretKey: 'x'.repeat(32) };
    for (const signMethod of ['TC3-HMAC-SHA256', 'HmacSHA256'] as const) {
      const postgres = postgresService(stranger, 'ap-guangzhou', { signMethod });
      expect(await postgres.refusal('DescribeRegions')).toBe('AuthFailure.SignatureFailure');
      const unknown = postgresService({ ...plane, secretId: 'HOWDAHstranger00' }, 'ap-guangzhou', { signMethod });
      expect(await unknown.refusal('DescribeRegions')).toBe('AuthFailure.SecretIdNotFound');
    }
  });
});

describe('a signer of HmacSHA256 of its own', () => {
  const regions = { Action: 'DescribeRegions' };

  it.each([
    ['a form', {}],
    ['a query', { method: 'GET' as const }],
    ['HmacSHA1', { algorithm: 'HmacSHA1' as const }],
    ['the host without its port', { host: '127.0.0.1' }],
  ])('is understood with %s', async (_, wanted) => {
    expect(await sendSigned(regions, wanted)).toMatchObject({ status: 200, code: '', answer: { TotalCount: 9 } });
  });

  it.each([
    ['another region', { forged: { Region: 'ap-beijing' } }, 'AuthFailure.SignatureFailure'],
    ['another action', { forged: { Action: 'DescribeZones' } }, 'AuthFailure.SignatureFailure'],
    ['one parameter more', { forged: { Limit: '1' } }, 'AuthFailure.SignatureFailure'],
    ['another host', { host: 'postgres.tencentcloudapi.com' }, 'AuthFailure.SignatureFailure'],
    ['an unknown method', { forged: { SignatureMethod: 'HmacMD5' } }, 'AuthFailure.InvalidAuthorization'],
    [
      'an old time',
      { change: { Timestamp: String(Math.floor(Date.now() / 1000) - 400) } },
      'AuthFailure.SignatureExpire',
    ],
    ['no version', { change: { Version: '' } }, 'NoSuchVersion'],
    ['another version', { change: { Version: '2018-01-01' } }, 'NoSuchVersion'],
  ])('is refused with %s', async (_, wanted, code) => {
    expect((await sendSigned(regions, wanted)).code).toBe(code);
  });

  it('is refused when it comes again', async () => {
    const same = { Nonce: '4711', Timestamp: String(Math.floor(Date.now() / 1000)) };
    expect((await sendSigned(regions, { change: same })).code).toBe('');
    expect((await sendSigned(regions, { change: same })).code).toBe('AuthFailure.SignatureExpire');
    await nextSecond();
    expect((await sendSigned(regions, { change: same })).code).toBe('AuthFailure.SignatureExpire');
    expect((await sendSigned(regions, { change: { ...same, Nonce: '4712' } })).code).toBe('');
  });
});

describe('what is no request', () => {
  const post = (body: string, headers: Record<string, string> = {}) => send('POST', '/', body, headers);

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('is refused with 405: %s', async (method) => {
    expect(await send(method, '/', '')).toMatchObject({ status: 405, code: 'InvalidRequest' });
  });

  it.each(['/favicon.ico', '/v1/instances', '//', '/..'])('is refused with 404: %s', async (path) => {
    expect(await send('POST', path, '{}')).toMatchObject({ status: 404, code: 'InvalidRequest' });
  });

  it('is refused with its code', async () => {
    expect((await send('GET', '/', '')).code).toBe('InvalidRequest');
    expect((await post('{}')).code).toBe('AuthFailure.InvalidAuthorization');
    expect((await post('{}', { host: 'evil.example' })).code).toBe('InvalidParameter');
    expect((await post('{}', { host: 'localhost' })).code).toBe('InvalidParameter');
    expect((await post('x'.repeat(1_100_000))).code).toBe('RequestSizeLimitExceeded');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post('A=1&A=2', form)).code).toBe('InvalidParameter');
    expect((await post('Action=DescribeRegions', form)).code).toBe('MissingParameter');
    expect((await sendSigned({ Action: '' })).code).toBe('MissingParameter');
    expect((await sendSigned({ Action: 'DescribeDBInstances', 'Filters.0': 'x', 'Filters.0.Name': 'y' })).code).toBe(
      'InvalidParameter',
    );
  });

  it('is refused with a body that is not JSON, however well it is signed', async () => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
    const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
    const tc3 = (body: string): Record<string, string> => {
      const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${plane.endpoint}\n\ncontent-type;host\n${sha(body)}`;
      const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${date}/postgres/tc3_request\n${sha(canonical)}`;
      const key = mac(mac(mac(`TC3${plane.secretKey}`, date), 'postgres'), 'tc3_request');
      return {
        'content-type': 'application/json',
        'x-tc-action': 'DescribeRegions',
        'x-tc-version': '2017-03-12',
        'x-tc-timestamp': timestamp,
        authorization: `TC3-HMAC-SHA256 Credential=${plane.secretId}/${date}/postgres/tc3_request, SignedHeaders=content-type;host, Signature=${mac(key, toSign).toString('hex')}`,
      };
    };
    for (const [body, code] of [
      ['{}', ''],
      ['{"a":', 'InvalidParameter'],
      ['[]', 'InvalidParameter'],
      ['"text"', 'InvalidParameter'],
      [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'InvalidParameter'],
    ] as const) {
      expect([body.slice(0, 20), (await post(body, tc3(body))).code]).toEqual([body.slice(0, 20), code]);
    }
  });
});
