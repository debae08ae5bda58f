import type { AccountView, DatabaseView, PrivilegeObject, PrivilegeObjectType } from '../../../shared/model/account';
import type { InstanceStatus } from '../../../shared/model/instance';
import type { Tone } from '../../ui/status-pill';

/** What the management page hands to a tab. */
export interface TabProps {
  readonly plane: string;
  readonly instanceId: string;
  readonly status: InstanceStatus;
}

/** The server answers, so that accounts and databases can be read. */
export const serves = (status: InstanceStatus): boolean => status === 'running' || status === 'readonly';
/** Something new may be made; not while the disk is full. */
export const writes = (status: InstanceStatus): boolean => status === 'running';

export const accountTone = (status: AccountView['status']): Tone =>
  status === 'normal' ? 'ok' : status === 'locked' ? 'warn' : 'busy';

/** Kinds of objects that privileges are given on, in the order of the picker. */
export const PICKED_KINDS = [
  'database',
  'schema',
  'table',
  'view',
  'matview',
  'column',
  'sequence',
  'function',
  'procedure',
  'type',
] as const satisfies readonly PrivilegeObjectType[];
export type PickedKind = (typeof PICKED_KINDS)[number];

/** Where the objects of the grid are: as much of it as the kind needs. */
export interface Scope {
  readonly kind: PickedKind;
  readonly database: string;
  readonly schema: string;
  readonly table: string;
}

export const needsSchema = (kind: PickedKind): boolean => kind !== 'database' && kind !== 'schema';

/** Whether enough is picked to list objects. */
export const isComplete = ({ kind, database, schema, table }: Scope): boolean =>
  database !== '' && (!needsSchema(kind) || schema !== '') && (kind !== 'column' || table !== '');

export const objectIn = ({ kind, database, schema, table }: Scope, name: string): PrivilegeObject => ({
  type: kind,
  name,
  database: kind === 'database' ? '' : database,
  schema: needsSchema(kind) ? schema : '',
  table: kind === 'column' ? table : '',
});

export const keyOf = ({ type, database, schema, table, name }: PrivilegeObject): string =>
  JSON.stringify([type, database, schema, table, name]);

/** `shop.sales.orders.amount`: where an object is and what it is called, for people. */
export const pathOf = ({ database, schema, table, name }: PrivilegeObject): string =>
  [database, schema, table, name].filter((part) => part !== '').join('.');

interface Entry {
  readonly object: PrivilegeObject;
  readonly had: readonly string[];
  readonly wanted: readonly string[];
}

/** What was changed so far, by `keyOf`; objects that are as they were are not in it. */
export type Draft = ReadonlyMap<string, Entry>;

/** Sets or clears privileges on one object. */
export function withPrivileges(
  draft: Draft,
  object: PrivilegeObject,
  had: readonly string[],
  change: { readonly privileges: readonly string[]; readonly on: boolean },
): Draft {
  const key = keyOf(object);
  const before = new Set(draft.get(key)?.wanted ?? had);
  for (const privilege of change.privileges) {
    if (change.on) before.add(privilege);
    else before.delete(privilege);
  }
  const next = new Map(draft);
  const same = before.size === had.length && had.every((privilege) => before.has(privilege));
  if (same) next.delete(key);
  else next.set(key, { object, had, wanted: [...before] });
  return next;
}

export function without(draft: Draft, key: string): Draft {
  const next = new Map(draft);
  next.delete(key);
  return next;
}

/** One object's change as the list of changes shows it. */
export interface Change {
  readonly key: string;
  readonly object: PrivilegeObject;
  readonly grant: readonly string[];
  readonly revoke: readonly string[];
}

export const changesOf = (draft: Draft): Change[] =>
  [...draft].map(([key, { object, had, wanted }]) => ({
    key,
    object,
    grant: wanted.filter((privilege) => !had.includes(privilege)),
    revoke: had.filter((privilege) => !wanted.includes(privilege)),
  }));

/** Source: `ModifyAccountPrivileges` of the public API. */
export const CHANGES_MAX = 50;

/** How many lines of one request the changes are: grants and revokes on an object count for themselves. */
export const linesOf = (changes: readonly Change[]): number =>
  changes.reduce((sum, { grant, revoke }) => sum + (grant.length > 0 ? 1 : 0) + (revoke.length > 0 ? 1 : 0), 0);

/** Collations to offer for an encoding: `C` and `POSIX` fit all of them, the others are used by a database of that encoding already. */
export function collationsFor(encoding: string, databases: readonly DatabaseView[]): string[] {
  const used = databases
    .filter((each) => each.encoding === encoding)
    .flatMap(({ collate, ctype }) => [collate, ctype])
    .filter((each) => each !== '');
  return [...new Set(['C', 'POSIX', ...used])];
}
