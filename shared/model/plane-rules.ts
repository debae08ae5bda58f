/** What makes a registered control plane valid: checked in the dialog as one types, and again when it is saved. */

export type PlaneField = 'name' | 'endpoint' | 'protocol' | 'region' | 'secretId' | 'secretKey';

/** Keys of `settings.planes.rules.*` in the translations. */
export type PlaneRule =
  | 'name-missing'
  | 'name-taken'
  | 'endpoint-missing'
  | 'endpoint-form'
  | 'protocol-plain'
  | 'region-missing'
  | 'region-form'
  | 'secret-id-missing'
  | 'secret-id-form'
  | 'secret-key-missing'
  | 'secret-key-form';

export interface PlaneFailure {
  readonly field: PlaneField;
  readonly rule: PlaneRule;
}

export interface PlaneFacts {
  /** Empty for a new one. */
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly protocol: 'https' | 'http';
  readonly region: string;
  readonly secretId: string;
  readonly secretKey: string;
}

const HOST = String.raw`(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?`;
const ENDPOINT = new RegExp(String.raw`^(?:${HOST}|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$`, 'i');
const REGION = /^[a-z]+(?:-[a-z0-9]+)+$/;
/** Header values: no spaces and no control characters. */
const SECRET = /^[\x21-\x7e]+$/;

/** Whether the endpoint is on this machine by its very address: plain HTTP goes nowhere else. */
export function isLoopback(endpoint: string): boolean {
  const host = endpoint.replace(/:\d+$/, '').toLowerCase();
  const octets = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  return host === 'localhost' || host === '[::1]' || (octets?.slice(1).every((each) => Number(each) <= 255) ?? false);
}

/** What people paste is an address of a page: the scheme, a path and the port that goes without saying fall away. */
export const endpointOf = (typed: string): string =>
  typed
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
    .replace(/:443$/, '')
    .toLowerCase();

function endpointRule(endpoint: string): PlaneRule | null {
  if (endpoint === '') return 'endpoint-missing';
  const found = ENDPOINT.exec(endpoint);
  if (!found) return 'endpoint-form';
  const port = found[1] === undefined ? 1 : Number(found[1]);
  return port >= 1 && port <= 65_535 ? null : 'endpoint-form';
}

function regionRule({ region, endpoint }: PlaneFacts): PlaneRule | null {
  // A daemon on this machine answers for all its regions.
  if (region === '') return isLoopback(endpoint) ? null : 'region-missing';
  return REGION.test(region) ? null : 'region-form';
}

function secretRule(value: string, missing: PlaneRule, form: PlaneRule): PlaneRule | null {
  if (value === '') return missing;
  return SECRET.test(value) ? null : form;
}

/** All failures, at most one for each field, in the order of the dialog. `others`: names that are taken. */
export function checkPlane(facts: PlaneFacts, others: readonly string[]): PlaneFailure[] {
  const keepsKey = facts.id !== '' && facts.secretKey === '';
  const name = facts.name.trim();
  const found: readonly (readonly [PlaneField, PlaneRule | null])[] = [
    [
      'name',
      name === ''
        ? 'name-missing'
        : others.some((other) => other.toLowerCase() === name.toLowerCase())
          ? 'name-taken'
          : null,
    ],
    ['endpoint', endpointRule(facts.endpoint)],
    ['protocol', facts.protocol === 'http' && !isLoopback(facts.endpoint) ? 'protocol-plain' : null],
    ['region', regionRule(facts)],
    ['secretId', secretRule(facts.secretId, 'secret-id-missing', 'secret-id-form')],
    ['secretKey', keepsKey ? null : secretRule(facts.secretKey, 'secret-key-missing', 'secret-key-form')],
  ];
  return found.flatMap(([field, rule]) => (rule === null ? [] : [{ field, rule }]));
}
