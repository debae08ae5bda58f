import { z } from 'zod';
import { standbysOf, type InstanceRecord } from '../instances/record';
import { shouldServe } from '../instances/status';
import type { ApiDeps } from './action';
import { ApiError } from './errors';

/** Pieces that several families of actions share. */

export const one = z.strictObject({ DBInstanceId: z.string() });

export const idSet = z.array(z.string()).min(1).max(100);

/** `asc` or `desc` in any case of letters. */
export const direction = z.preprocess(
  (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  z.enum(['asc', 'desc']),
);

export const storageType = z.enum(['PHYSICAL_LOCAL_SSD', 'CLOUD_PREMIUM', 'CLOUD_SSD', 'CLOUD_HSSD']).optional();

/** What the API writes as 0 or 1. */
export const flag = z.number().int().min(0).max(1).optional();

const PERIODS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36];

/** Months of a purchase. */
export const period = z
  .number()
  .int()
  .refine((months) => PERIODS.includes(months), '1 to 12, 24 or 36 months');

/** One voucher at a time is documented; there are none here. */
export const vouchers = z.array(z.string()).max(1).optional();

/** Where a node is to be; more than ten are no list of nodes. */
export const nodeSet = z
  .array(z.strictObject({ Role: z.string(), Zone: z.string(), DedicatedClusterId: z.string().optional() }))
  .max(10);

export const unsupported = (message: string): ApiError => new ApiError('UnsupportedOperation', message);
export const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);
export const outOfRange = (message: string): ApiError =>
  new ApiError('InvalidParameterValue.ParameterOutOfRange', message);
export const missing = (name: string): ApiError => new ApiError('MissingParameter', `The parameter ${name} is missing`);

/** Fails with `ResourceNotFound.InstanceNotFoundError`. */
export function mustInstance(deps: ApiDeps, id: string): InstanceRecord {
  const record = deps.instances.get(id);
  if (!record) throw new ApiError('ResourceNotFound.InstanceNotFoundError', `There is no instance ${id}`);
  return record;
}

const statusError = (record: InstanceRecord, what: string): ApiError =>
  new ApiError(
    'OperationDenied.InstanceStatusLimitError',
    `The instance ${record.id} is ${record.operation ? `busy (${record.operation.kind})` : record.status}: ${what} is not possible now`,
  );

/** An instance that serves and has no operation running: only such a one can be reconfigured. */
export function mustServe(deps: ApiDeps, id: string, what: string): InstanceRecord {
  const record = mustInstance(deps, id);
  if (record.operation || !shouldServe(record.status)) throw statusError(record, what);
  return record;
}

/** An instance that is not on its way out: its labels can be changed. */
export function mustExist(deps: ApiDeps, id: string, what: string): InstanceRecord {
  const record = mustInstance(deps, id);
  if (record.status === 'recycling' || record.status === 'recycled') throw statusError(record, what);
  return record;
}

export const noStandby = (message: string): ApiError => new ApiError('FailedOperation.NoAvailableStandby', message);

/** Fails with `FailedOperation.NoAvailableStandby`. */
export function mustHaveStandby(record: InstanceRecord): void {
  if (standbysOf(record).some(({ state }) => state === 'ready')) return;
  throw noStandby(`The instance ${record.id} has no standby that could take over`);
}

/** Rows in the order of a key. */
export function sorted<T>(rows: readonly T[], key: (row: T) => string | number, order: 'asc' | 'desc'): T[] {
  const sign = order === 'asc' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -sign : left > right ? sign : 0;
  });
}

/** Times of the API are Beijing time, `2026-11-01 08:00:00`; "never" is a row of zeros. */
export const apiTime = (ms: number | null): string =>
  ms === null ? '0000-00-00 00:00:00' : new Date(ms + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 19);

/** The order that an instance came with: there is one for each. */
export const dealName = (id: string): string => id.replace('postgres-', 'deal-');
