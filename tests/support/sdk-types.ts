import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The official SDK's own types at run time: read from its declarations (`interface X { Name?: Type; }`, nothing else occurs there), so that a
 * test can hold every answer against them and make every request that they describe.
 */

const services = resolve(import.meta.dirname, '../../node_modules/tencentcloud-sdk-nodejs/tencentcloud/services');

export interface Field {
  readonly name: string;
  readonly required: boolean;
  /** `string`, `number`, `boolean`, `Array<…>` or the name of a type. */
  readonly type: string;
}

export interface SdkTypes {
  /** Fields by the name of the type. */
  readonly types: ReadonlyMap<string, readonly Field[]>;
  /** Actions with the names of their types. */
  readonly actions: ReadonlyMap<string, { readonly request: string; readonly response: string }>;
}

const LINE = /^ {4}(\w+)(\??): (.+);$/;

function readTypes(text: string): Map<string, Field[]> {
  const types = new Map<string, Field[]>();
  for (const [, name = ''] of text.matchAll(/^export type (\w+) = null;$/gm)) types.set(name, []);
  for (const [, name = '', body = ''] of text.matchAll(/^export interface (\w+) \{\n([^]*?)^\}/gm)) {
    const fields = body.split('\n').flatMap((line) => {
      const [, field = '', optional = '', type = ''] = LINE.exec(line) ?? [];
      return field === '' ? [] : [{ name: field, required: optional === '', type }];
    });
    types.set(name, fields);
  }
  return types;
}

export function sdkTypes(service: 'postgres' | 'vpc' | 'tag' | 'dts', version: string): SdkTypes {
  const read = (part: string): string =>
    readFileSync(join(services, service, version, `${service}_${part}.d.ts`), 'utf8');
  const actions = new Map(
    [...read('client').matchAll(/^ {4}(\w+)\(req\??: (\w+), cb\?.*Promise<(\w+)>;$/gm)].map(
      ([, name = '', request = '', response = '']) => [name, { request, response }] as const,
    ),
  );
  return { types: readTypes(read('models')), actions };
}

const inside = (type: string): string | undefined => /^Array<(.+)>$/.exec(type)?.[1];

function problemsOf(sdk: SdkTypes, type: string, value: unknown, path: string): string[] {
  const item = inside(type);
  if (item !== undefined) {
    return Array.isArray(value)
      ? value.flatMap((each, index) => problemsOf(sdk, item, each, `${path}.${index}`))
      : [`${path} is no list`];
  }
  if (['string', 'number', 'boolean'].includes(type)) {
    if (typeof value !== type) return [`${path} is ${value === null ? 'null' : typeof value}, not ${type}`];
    return type === 'number' && !Number.isFinite(value) ? [`${path} is no finite number`] : [];
  }
  const fields = sdk.types.get(type);
  if (!fields) return [`${path} has the type ${type}, which is not declared`];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no ${type}`];
  const unknown = Object.keys(value).filter((name) => !fields.some((field) => field.name === name));
  return [
    ...unknown.map((name) => `${path}.${name} is not declared in ${type}`),
    ...fields.flatMap((field) => {
      const found: unknown = Reflect.get(value, field.name);
      if (found === undefined) return field.required ? [`${path}.${field.name} is missing`] : [];
      return problemsOf(sdk, field.type, found, `${path}.${field.name}`);
    }),
  ];
}

/** What is wrong with the answer to an action: undeclared, missing and mistyped fields, at any depth. Every answer has a `RequestId`. */
export function answerProblems(sdk: SdkTypes, action: string, answer: unknown): string[] {
  const declared = sdk.actions.get(action);
  if (!declared) return [`${action} is not declared`];
  const problems = problemsOf(sdk, declared.response, answer, action);
  const id: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'RequestId') : undefined;
  return typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)
    ? problems
    : [...problems, `${action}.RequestId is missing`];
}

export const requestFields = (sdk: SdkTypes, action: string): readonly Field[] =>
  sdk.types.get(sdk.actions.get(action)?.request ?? '') ?? [];

/** A value of a declared type that means nothing; of a structure with all of its fields. */
export function sample(sdk: SdkTypes, type: string): unknown {
  const item = inside(type);
  if (item !== undefined) return [sample(sdk, item)];
  if (type === 'string') return 'x';
  if (type === 'number') return 1;
  if (type === 'boolean') return true;
  const fields = sdk.types.get(type) ?? [];
  return Object.fromEntries(fields.map((field) => [field.name, sample(sdk, field.type)]));
}

/** A value that is not of a declared type. */
export const wrong = (type: string): unknown => (type === 'boolean' || type === 'number' ? ['no'] : 7.5);
