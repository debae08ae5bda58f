import type { Statement } from '../../catalog';
import type { FormContext, FormField, FormValue, LabelRow, PrivilegeRow } from '../../form';
import { quoteQualified } from '../../quote';
import { checkName } from '../cluster/common';
import { commentChange, ownerChange, renameChange, schemaChange } from '../identity';
import { labelChanges } from '../labels';
import { privilegeChanges } from '../privileges';

/** How statements call an object. */
export interface Naming {
  /** After ALTER, COMMENT ON and SECURITY LABEL ON, e.g. `TYPE`. */
  readonly noun: string;
  /** After GRANT … ON, where that is another. */
  readonly grantNoun?: string;
  /** What stands behind the name, e.g. `(integer)`. */
  readonly after?: string;
  /** Writes the name where it is no identifier, e.g. of an operator. */
  readonly write?: (schema: string, name: string) => string;
}

/** What most objects have beside their definition. */
export interface Identified {
  readonly name: string;
  readonly schema?: string;
  readonly owner?: string;
  readonly comment?: string;
  readonly privileges?: readonly PrivilegeRow[];
  readonly labels?: readonly LabelRow[];
}

/** `TYPE sales.mood`: what stands after ALTER. */
export function targetOf({ noun, after = '', write = quoteQualified }: Naming, object: Identified): string {
  return `${noun} ${write(object.schema ?? '', object.name)}${after}`;
}

/** What everybody may do with a new thing, e.g. `EXECUTE`. */
export const everybody = (privilege: string): PrivilegeRow[] => [
  { grantee: '', privileges: [privilege], grantable: [] },
];

/**
 * Comment, labels, privileges, name, schema and owner, in this order: the owner comes last, because who gives an object away may do nothing
 * more with it. `usual`: the privileges that a new object has by itself.
 */
export function identityChanges(
  naming: Naming,
  state: Identified,
  before: Identified | null,
  context: FormContext,
  usual: readonly PrivilegeRow[] = [],
): Statement[] {
  const old = before ?? state;
  const target = targetOf(naming, old);
  const grantTarget = targetOf({ ...naming, noun: naming.grantNoun ?? naming.noun }, old);
  const name = state.name === '' ? old.name : state.name;
  const schema = state.schema === '' ? old.schema : state.schema;
  return [
    ...commentChange(target, before?.comment ?? null, state.comment ?? ''),
    ...labelChanges(target, before?.labels ?? [], state.labels ?? []),
    ...(state.privileges === undefined
      ? []
      : privilegeChanges(grantTarget, before ? (before.privileges ?? []) : usual, state.privileges)),
    ...renameChange(target, old.name, name),
    ...schemaChange(targetOf(naming, { ...old, name }), old.schema ?? '', schema ?? ''),
    ...ownerChange(
      targetOf(naming, schema === undefined ? { name } : { name, schema }),
      before ? (before.owner ?? '') : context.user,
      state.owner ?? '',
    ),
  ];
}

/** The schema that a new thing goes into: the one that the dialog was opened at. */
export function parentSchema({ parent }: FormContext): string {
  if (parent === null) return 'public';
  return parent.kind === 'schema' ? parent.name : parent.schema;
}

/** The name alone of a function that is written with its argument types: `sales.total` of `sales.total(integer)`. */
export function withoutArguments(text: string): string {
  const [name] =
    /^\s*(?:"(?:[^"]|"")*"|[^\s"().]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[^\s"().]+))*(?=\s*\()/u.exec(text) ?? [];
  return (name ?? text).trim();
}

/** A number, or null for anything else. */
export const numberOf = (value: FormValue | undefined): number | null => (typeof value === 'number' ? value : null);

/** Text as a string constant between dollars, with a tag that the text does not hold. */
export function dollarQuoted(text: string): string {
  for (let count = 0; ; count += 1) {
    const tag = count === 0 ? '$$' : `$body${count === 1 ? '' : count}$`;
    // The end of the text and the `$` of the closing tag may make a tag together.
    if (!`${text}$`.includes(tag)) return `${tag}${text}${tag}`;
  }
}

/** `key = value` pairs of a definition, one a line, those that are given. */
export function definitionList(parts: readonly (readonly [key: string, sql: string])[]): string {
  const given = parts.filter(([, sql]) => sql !== '');
  return given.length === 0 ? '()' : `(\n    ${given.map(([key, sql]) => `${key} = ${sql}`).join(',\n    ')}\n)`;
}

type Field = FormField;
const field = <const F extends Field>(given: F): F => given;

export const NAME = field({ id: 'name', kind: 'text', required: true, check: checkName });
export const OWNER = field({ id: 'owner', kind: 'choice', choices: 'roles', required: true });
export const SCHEMA = field({ id: 'schema', kind: 'choice', choices: 'schemas', required: true });
export const COMMENT = field({ id: 'comment', kind: 'long-text' });
export const LABELS = field({ id: 'labels', kind: 'labels' });

/** Name, owner, schema and comment. */
export const GENERAL = { id: 'general', fields: [NAME, OWNER, SCHEMA, COMMENT] } as const;

/** Choices that are words of SQL: they read the same in every language. */
export const words = (...values: readonly string[]): { readonly value: string }[] => values.map((value) => ({ value }));
