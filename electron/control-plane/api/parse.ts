import type { z } from 'zod';
import { ApiError } from './errors';

/** What a request holds at a path of an issue. */
function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined),
    value,
  );
}

/**
 * Checks a request against the documented parameters: `MissingParameter`, `UnknownParameter` or `InvalidParameterValue` with the parameter's name.
 */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (!issue) throw new ApiError('InvalidParameter', 'The request cannot be read');
  const name = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = [name, issue.keys[0] ?? ''].filter((part) => part !== '').join('.');
    throw new ApiError('UnknownParameter', `The parameter ${unknown} is not known`);
  }
  if (issue.path.length > 0 && at(body, issue.path) === undefined) {
    throw new ApiError('MissingParameter', `The parameter ${name} is missing`);
  }
  throw new ApiError('InvalidParameterValue', `The parameter ${name} is not valid: ${issue.message}`);
}
