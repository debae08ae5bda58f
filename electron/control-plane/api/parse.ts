import type { z } from 'zod';
import type { Family } from './action';
import { ApiError } from './errors';

/** What a request holds at a path of an issue. */
function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined),
    value,
  );
}

/** No documented request is nested deeper. */
const DEPTH_MAX = 16;

/** `null` says no more than leaving the parameter out. */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_MAX) throw new ApiError('InvalidParameter', 'The request is nested too deeply');
  if (Array.isArray(value)) return value.map((inside) => withoutNulls(inside, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inside]) => inside !== null)
      .map(([name, inside]) => [name, withoutNulls(inside, depth + 1)]),
  );
}

/** A number or a truth value that arrived as text, because forms know only text. */
function fromText(text: string, expected: string): unknown {
  if (expected === 'number' && /^-?\d{1,18}(?:\.\d{1,18})?$/.test(text)) return Number(text);
  if (expected === 'boolean' && /^(?:true|false|1|0)$/i.test(text)) return /^(?:true|1)$/i.test(text);
  return text;
}

/** Puts right what is text only because the request was a form: wherever the schema asks for something else. */
export function readForm(schema: z.ZodType, form: object): object {
  const value = structuredClone(form);
  const parsed = schema.safeParse(value);
  for (const issue of parsed.success ? [] : parsed.error.issues) {
    if (issue.code !== 'invalid_type') continue;
    const found = at(value, issue.path);
    const holder = at(value, issue.path.slice(0, -1));
    const key = issue.path.at(-1);
    if (typeof found === 'string' && typeof holder === 'object' && holder !== null && key !== undefined) {
      Reflect.set(holder, key, fromText(found, issue.expected));
    }
  }
  return value;
}

type Issue = z.core.$ZodIssue;

/** Codes that the services call the same mistakes by. */
const CODES: Readonly<Record<Family, { readonly range: string; readonly length: string; readonly count: string }>> = {
  postgres: {
    range: 'InvalidParameterValue.ParameterOutOfRange',
    length: 'InvalidParameterValue.ParameterLengthLimitError',
    count: 'InvalidParameterValue.ParameterOutOfRange',
  },
  vpc: {
    range: 'InvalidParameterValue.Range',
    length: 'InvalidParameterValue.TooLong',
    count: 'InvalidParameterValue.LimitExceeded',
  },
  tag: { range: 'InvalidParameterValue', length: 'InvalidParameterValue', count: 'InvalidParameterValue' },
  dts: { range: 'InvalidParameterValue', length: 'InvalidParameterValue', count: 'InvalidParameterValue' },
};

function codeOf(issue: Issue, body: unknown, family: Family): string {
  if (issue.code === 'invalid_type') return 'InvalidParameter';
  // Lists of words, and numbers that are documented as text: what is no text is of the wrong type.
  if (issue.code === 'invalid_value' || issue.code === 'invalid_union') {
    return typeof at(body, issue.path) === 'string' ? 'InvalidParameterValue' : 'InvalidParameter';
  }
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return 'InvalidParameterValue';
  if (issue.origin === 'string') return issue.code === 'too_big' ? CODES[family].length : 'InvalidParameterValue';
  return issue.origin === 'array' ? CODES[family].count : CODES[family].range;
}

const isMissing = (issue: Issue, body: unknown): boolean => issue.path.length > 0 && at(body, issue.path) === undefined;

/** What is told first: a parameter that is not known, then one that is missing, then one of the wrong type. */
function gravest(issues: readonly Issue[], body: unknown): Issue | undefined {
  return (
    issues.find(({ code }) => code === 'unrecognized_keys') ??
    issues.find((issue) => isMissing(issue, body)) ??
    issues.find(({ code }) => code === 'invalid_type') ??
    issues[0]
  );
}

/**
 * Checks a request against the documented parameters: `UnknownParameter`, `MissingParameter`, `InvalidParameter` (of the wrong type) or
 * `InvalidParameterValue…`, always with the parameter's name.
 */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  family: Family = 'postgres',
): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = gravest(parsed.error.issues, body);
  if (!issue) throw new ApiError('InvalidParameter', 'The request cannot be read');
  const name = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = [name, issue.keys[0] ?? ''].filter((part) => part !== '').join('.');
    throw new ApiError('UnknownParameter', `The parameter ${unknown} is not known`);
  }
  if (isMissing(issue, body)) throw new ApiError('MissingParameter', `The parameter ${name} is missing`);
  throw new ApiError(codeOf(issue, body, family), `The parameter ${name} is not valid: ${issue.message}`);
}
