import { describe, expect, it } from 'vitest';
import { serviceEndpoint } from '../../electron/adapters/control-plane/cloud-plane';
import { checkPlane, endpointOf, isLoopback, type PlaneFacts } from '../../shared/model/plane-rules';

const plane: PlaneFacts = {
  id: '',
  name: 'Company',
  endpoint: 'postgres.tencentcloudapi.com',
  protocol: 'https',
  region: 'ap-guangzhou',
  secretId: 'AKID123',
  secretKey: 'key',
};
const rulesOf = (change: Partial<PlaneFacts>, others: string[] = []): string[] =>
  checkPlane({ ...plane, ...change }, others).map(({ rule }) => rule);

describe('a control plane that is registered', () => {
  it.each([
    ['a cloud', {}],
    ['a port', { endpoint: 'postgres.example.org:8443' }],
    ['a daemon on this machine, in all regions', { endpoint: '127.0.0.1:4000', protocol: 'http', region: '' }],
    ['IPv6', { endpoint: '[::1]:4000', protocol: 'http', region: '' }],
    ['a known one that keeps its key', { id: 'x', secretKey: '' }],
  ] as const)('may be %s', (_what, change) => {
    expect(rulesOf(change)).toEqual([]);
  });

  it.each([
    ['no name', { name: '  ' }, 'name-missing'],
    ['a name that is taken', { name: 'Other ' }, 'name-taken'],
    ['no endpoint', { endpoint: '' }, 'endpoint-missing'],
    ['a path in the endpoint', { endpoint: 'host/path' }, 'endpoint-form'],
    ['a space in the endpoint', { endpoint: 'ho st' }, 'endpoint-form'],
    ['a port that is none', { endpoint: 'host:70000' }, 'endpoint-form'],
    ['plain HTTP over a network', { protocol: 'http' }, 'protocol-plain'],
    ['a name that only looks local', { endpoint: '127.0.0.1.example.org', protocol: 'http' }, 'protocol-plain'],
    ['a cloud without a region', { region: '' }, 'region-missing'],
    ['a region that is none', { region: 'Guangzhou' }, 'region-form'],
    ['no SecretId', { secretId: '' }, 'secret-id-missing'],
    ['a line in the SecretId', { secretId: 'a\nb' }, 'secret-id-form'],
    ['no SecretKey', { secretKey: '' }, 'secret-key-missing'],
    ['a space in the SecretKey', { secretKey: 'a b' }, 'secret-key-form'],
  ] as const)('is refused with %s', (_what, change, rule) => {
    expect(rulesOf(change, ['other'])).toContain(rule);
  });

  it('takes what people paste', () => {
    expect(endpointOf(' https://Postgres.TencentCloudAPI.com/ ')).toBe('postgres.tencentcloudapi.com');
    expect(endpointOf('postgres.tencentcloudapi.com:443')).toBe('postgres.tencentcloudapi.com');
    expect(endpointOf('http://127.0.0.1:4000/x')).toBe('127.0.0.1:4000');
  });

  it('knows this machine by its address only', () => {
    expect(['127.0.0.1', '127.9.8.7:1', 'localhost:80', '[::1]:80'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['127.0.0.1.evil.org', '127.300.0.1', 'localhost.evil.org', '10.0.0.1'].some(isLoopback)).toBe(false);
  });
});

it.each([
  ['postgres.tencentcloudapi.com', 'vpc', 'vpc.tencentcloudapi.com'],
  ['postgres.tencentcloudapi.com', 'postgres', 'postgres.tencentcloudapi.com'],
  ['tencentcloudapi.com', 'tag', 'tag.tencentcloudapi.com'],
  ['postgres.ap-guangzhou.tencentcloudapi.com', 'vpc', 'vpc.ap-guangzhou.tencentcloudapi.com'],
  ['postgres.intl.tencentcloudapi.com:8443', 'tag', 'tag.intl.tencentcloudapi.com:8443'],
  ['127.0.0.1:4000', 'vpc', '127.0.0.1:4000'],
  ['postgres.example.org', 'vpc', 'postgres.example.org'],
  ['[::1]:4000', 'vpc', '[::1]:4000'],
] as const)('%s answers %s at %s', (endpoint, service, expected) => {
  expect(serviceEndpoint(endpoint, service)).toBe(expected);
});
