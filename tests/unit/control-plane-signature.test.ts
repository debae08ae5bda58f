import sdk from 'tencentcloud-sdk-nodejs/tencentcloud/common/sign';
import { describe, expect, it } from 'vitest';
import { hmacText } from '../../shared/model/hmac-signature';
import { authorizationHeader, parseAuthorization, tc3Signature, type Tc3Request } from '../../shared/model/tc3';
import { createVerifier, tc3Crypto, type RawRequest } from '../../electron/control-plane/api/verify';

const KEY = { secretId: 'HOWDAH0123456789', secretKey: 'the-key-that-nobody-knows' };
const NOW = 1_790_000_000;
const CHANGES = new Set(['RestartDBInstance', 'DestroyDBInstance']);

function signed(change: Partial<Tc3Request> = {}, secretKey = KEY.secretKey, sentHost = '127.0.0.1:4000'): RawRequest {
  const timestamp = change.timestamp ?? NOW;
  const request: Tc3Request = {
    method: 'POST',
    path: '/',
    query: '',
    headers: { 'content-type': 'application/json', host: '127.0.0.1' },
    signedHeaders: ['content-type', 'host'],
    body: '{}',
    timestamp,
    service: '127',
    ...change,
  };
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: {
      'content-type': 'application/json',
      host: sentHost,
      'x-tc-timestamp': String(timestamp),
      authorization: authorizationHeader(KEY.secretId, request, tc3Signature(request, secretKey, tc3Crypto)),
    },
    body: Buffer.from(request.body),
  };
}

const verifier = (at = NOW) =>
  createVerifier(
    KEY,
    (action) => CHANGES.has(action),
    () => at,
  );
const code = (run: () => unknown): string => {
  try {
    run();
    return '';
  } catch (error) {
    return (error as { apiCode: string }).apiCode;
  }
};

describe('signature', () => {
  it('is the one that the official SDK computes', () => {
    const body = { Limit: 1, Filters: [{ Name: 'db-instance-name', Values: ['未命名'] }] };
    const official = sdk.sign3({
      method: 'POST',
      url: 'https://postgres.tencentcloudapi.com/',
      payload: body,
      timestamp: NOW,
      service: 'postgres',
      ...KEY,
      multipart: false,
      boundary: '',
      headers: { 'Content-Type': 'application/json' },
    });
    const request: Tc3Request = {
      method: 'POST',
      path: '/',
      query: '',
      headers: { 'content-type': 'application/json', host: 'postgres.tencentcloudapi.com' },
      signedHeaders: ['content-type', 'host'],
      body: JSON.stringify(body),
      timestamp: NOW,
      service: 'postgres',
    };
    expect(authorizationHeader(KEY.secretId, request, tc3Signature(request, KEY.secretKey, tc3Crypto))).toBe(official);
    expect(parseAuthorization(official)).toMatchObject({ secretId: KEY.secretId, service: 'postgres' });
  });

  it('is accepted with the host signed with or without its port', () => {
    expect(code(() => verifier()(signed(), 'DescribeRegions'))).toBe('');
    const withPort = { headers: { 'content-type': 'application/json', host: '127.0.0.1:4000' } };
    expect(code(() => verifier()(signed(withPort), 'DescribeRegions'))).toBe('');
    const other = { headers: { 'content-type': 'application/json', host: 'evil.example' } };
    expect(code(() => verifier()(signed(other), 'DescribeRegions'))).toBe('AuthFailure.SignatureFailure');
  });

  it('is refused with another key, body, timestamp or content type', () => {
    const failure = 'AuthFailure.SignatureFailure';
    expect(code(() => verifier()(signed({}, 'another-key'), 'DescribeRegions'))).toBe(failure);
    expect(code(() => verifier()({ ...signed(), body: Buffer.from('{"a":1}') }, 'DescribeRegions'))).toBe(failure);
    const moved = signed();
    const later = { ...moved, headers: { ...moved.headers, 'x-tc-timestamp': String(NOW + 1) } };
    expect(code(() => verifier()(later, 'DescribeRegions'))).toBe(failure);
    const typed = { ...moved, headers: { ...moved.headers, 'content-type': 'text/plain' } };
    expect(code(() => verifier()(typed, 'DescribeRegions'))).toBe(failure);
  });

  it('is refused without its parts', () => {
    const { headers, ...rest } = signed();
    const without = (name: string) => ({
      ...rest,
      headers: Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name)),
    });
    expect(code(() => verifier()(without('authorization'), 'x'))).toBe('AuthFailure.InvalidAuthorization');
    expect(code(() => verifier()(without('x-tc-timestamp'), 'x'))).toBe('MissingParameter');
    const onlyType = signed({ signedHeaders: ['content-type'] });
    expect(code(() => verifier()(onlyType, 'x'))).toBe('AuthFailure.InvalidAuthorization');
    const stranger = {
      ...rest,
      headers: { ...headers, authorization: headers['authorization']?.replace('HOWDAH', 'NOBODY') ?? '' },
    };
    expect(code(() => verifier()(stranger, 'x'))).toBe('AuthFailure.SecretIdNotFound');
  });

  it('is good for five minutes in both directions', () => {
    expect(code(() => verifier(NOW + 299)(signed(), 'DescribeRegions'))).toBe('');
    expect(code(() => verifier(NOW + 301)(signed(), 'DescribeRegions'))).toBe('AuthFailure.SignatureExpire');
    expect(code(() => verifier(NOW - 301)(signed(), 'DescribeRegions'))).toBe('AuthFailure.SignatureExpire');
  });
});

describe('replay', () => {
  it('is refused once the second of the signature is over', () => {
    const verify = verifier(NOW + 60);
    expect(code(() => verify(signed(), 'DescribeRegions'))).toBe('');
    expect(code(() => verify(signed(), 'DescribeRegions'))).toBe('AuthFailure.SignatureExpire');
    expect(code(() => verify(signed(), 'DestroyDBInstance'))).toBe('AuthFailure.SignatureExpire');
  });

  it('is let through within its second for readings, and for another action with the same body', () => {
    const verify = verifier(NOW + 1);
    expect(code(() => verify(signed(), 'DescribeRegions'))).toBe('');
    expect(code(() => verify(signed(), 'DescribeRegions'))).toBe('');
    expect(code(() => verify(signed(), 'RestartDBInstance'))).toBe('');
  });

  it('of a change is refused at once, unless the change was refused itself', () => {
    const verify = verifier();
    verify(signed(), 'RestartDBInstance');
    expect(code(() => verify(signed(), 'RestartDBInstance'))).toBe('AuthFailure.SignatureExpire');
    const undone = verify(signed({ body: '{"x":1}' }), 'DestroyDBInstance');
    undone();
    expect(code(() => verify(signed({ body: '{"x":1}' }), 'DestroyDBInstance'))).toBe('');
  });
});

describe('HmacSHA256 and HmacSHA1', () => {
  const parameters = (change: Record<string, string> = {}) => ({
    Action: 'DescribeDBInstances',
    Version: '2017-03-12',
    Nonce: '11886',
    Timestamp: String(NOW),
    SecretId: KEY.secretId,
    SignatureMethod: 'HmacSHA256',
    'Filters.0.Name': 'db-instance-name',
    'Filters.0.Values.0': '未命名 & more',
    ...change,
  });
  const raw = (method = 'POST'): RawRequest => ({
    method,
    path: '/',
    query: '',
    headers: { host: '127.0.0.1:4000' },
    body: Buffer.alloc(0),
  });
  const sign = (given: Record<string, string>, host = '127.0.0.1:4000', method = 'POST') => ({
    ...given,
    Signature: sdk.sign(KEY.secretKey, hmacText(method, host, '/', given), given['SignatureMethod'] ?? 'HmacSHA1'),
  });

  it('sorts the parameters by name and encodes nothing', () => {
    expect(hmacText('GET', 'cvm.tencentcloudapi.com', '/', { b: '2', 'A.1': 'x y', 'A.0': '&', Signature: 's' })).toBe(
      'GETcvm.tencentcloudapi.com/?A.0=&&A.1=x y&b=2',
    );
  });

  it.each(['POST', 'GET'])('is taken with and without the port of the host, for %s', (method) => {
    for (const host of ['127.0.0.1:4000', '127.0.0.1']) {
      expect(code(() => verifier().parameters(raw(method), sign(parameters(), host, method)))).toBe('');
    }
  });

  it('is HmacSHA1 when no method is named', () => {
    const { SignatureMethod: _, ...given } = parameters();
    expect(code(() => verifier().parameters(raw(), sign(given)))).toBe('');
    expect(code(() => verifier().parameters(raw(), sign(parameters({ SignatureMethod: 'HmacSHA1' }))))).toBe('');
  });

  it.each([
    [{ SecretId: 'HOWDAH9999999999' }, 'AuthFailure.SecretIdNotFound'],
    [{ Timestamp: String(NOW - 301) }, 'AuthFailure.SignatureExpire'],
    [{ Timestamp: String(NOW + 301) }, 'AuthFailure.SignatureExpire'],
    [{ Timestamp: 'today' }, 'MissingParameter'],
    [{ Nonce: '' }, 'MissingParameter'],
  ])('with %j is %s', (change, expected) => {
    expect(code(() => verifier().parameters(raw(), sign(parameters(change as Record<string, string>))))).toBe(expected);
  });

  it('fits the parameters, the method and the host', () => {
    const form = sign(parameters());
    const refused = (given: Record<string, string>, request = raw()) =>
      code(() => verifier().parameters(request, given));
    expect(refused({ ...form, Action: 'DestroyDBInstance' })).toBe('AuthFailure.SignatureFailure');
    expect(refused({ ...form, Extra: '1' })).toBe('AuthFailure.SignatureFailure');
    expect(refused(form, raw('GET'))).toBe('AuthFailure.SignatureFailure');
    expect(refused(sign(parameters(), 'evil.example'))).toBe('AuthFailure.SignatureFailure');
    expect(refused({ ...form, SignatureMethod: 'HmacMD5' })).toBe('AuthFailure.InvalidAuthorization');
    expect(refused({ ...form, SignatureMethod: 'toString' })).toBe('AuthFailure.InvalidAuthorization');
    expect(refused(parameters())).toBe('AuthFailure.SignatureFailure');
  });

  it('is taken once, unless it was refused', () => {
    const verify = verifier();
    const form = sign(parameters());
    const refused = verify.parameters(raw(), form);
    expect(code(() => verify.parameters(raw(), form))).toBe('AuthFailure.SignatureExpire');
    refused();
    expect(code(() => verify.parameters(raw(), form))).toBe('');
    expect(code(() => verify.parameters(raw(), sign(parameters({ Nonce: '2' }))))).toBe('');
  });
});
