import { z } from 'zod';
import type { Filter } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { AppError } from '../../../shared/errors';
import { ApiError } from './errors';

/** Pieces of the actions of vpc 2017-03-12. */

export const vpcInvalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);
export const vpcMissing = (name: string): ApiError =>
  new ApiError('MissingParameter', `The parameter ${name} is missing`);
export const vpcUnsupported = (message: string): ApiError => new ApiError('UnsupportedOperation', message);

/** Numbers are documented as text in this service; both are taken. */
const numeral = z.union([z.string().regex(/^\d{1,9}$/, 'a number'), z.number().int().min(0)]).transform(Number);

export const filter = z.strictObject({ Name: z.string(), Values: z.array(z.string()).max(100) });

export const paging = { Offset: numeral.default(0), Limit: numeral.pipe(z.number().min(1).max(100)).default(20) };

export const filters = z.array(filter).max(10).optional();

/** Tags of networks are not kept here: none may be given. */
export const noTags = z.array(z.looseObject({})).max(0, 'networks have no tags here').optional();

/** Rows that pass documented filters. `ids` and filters exclude each other. */
export function select<T>(
  rows: readonly T[],
  known: Readonly<Record<string, (row: T, value: string) => boolean>>,
  wanted: readonly Filter[] | undefined,
  ids: readonly string[] | undefined,
  idOf: (row: T) => string,
): T[] {
  if (ids && wanted) throw new ApiError('InvalidParameter.Coexist', 'Ids and Filters cannot be given at the same time');
  const tests = (wanted ?? []).map(({ Name, Values }) => {
    const fits = Object.hasOwn(known, Name) ? known[Name] : undefined;
    if (!fits) throw new ApiError('InvalidParameter.FilterInvalidKey', `The filter ${Name} is not known`);
    return (row: T) => Values.length === 0 || Values.some((value) => fits(row, value));
  });
  return rows.filter((row) => (!ids || ids.includes(idOf(row))) && tests.every((test) => test(row)));
}

export const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

export const isTruth = (truth: boolean, value: string): boolean => value.toLowerCase() === String(truth);

/** What the services call a failure of our own code that has a field. */
export type FieldCodes = Readonly<Record<string, string>>;

/** Runs a change; its failures get the documented codes: by `<code>:<field>` of the failure, else the usual ones. */
export async function coded<T>(codes: FieldCodes, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.info.field === undefined) throw error;
    const code = codes[`${error.code}:${error.info.field}`];
    if (code === undefined) throw error;
    throw new ApiError(code, error.info.hint === undefined ? error.message : `${error.message}. ${error.info.hint}`);
  }
}

/** Of names and remarks. */
export const TEXT_CODES: FieldCodes = {
  'invalid-input:name': 'InvalidParameterValue.TooLong',
  'invalid-input:remark': 'InvalidParameterValue.TooLong',
  'invalid-input:count': 'LimitExceeded',
};
