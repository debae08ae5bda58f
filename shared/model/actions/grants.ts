import type { ObjectKind, ObjectRef, Statement } from '../catalog';
import { quoteIdent, quoteQualified } from '../quote';

/** Object of a grant: functions need their arguments, as the tree notes them: `(a integer, b text)`. */
export interface GrantTarget {
  readonly ref: ObjectRef;
  readonly arguments: string;
}

export interface GrantChoice {
  readonly revoke: boolean;
  /** Of each group of kinds (`GRANT_GROUPS`), e.g. `{ tables: ['SELECT'] }`. */
  readonly privileges: Readonly<Partial<Record<GrantGroup, readonly string[]>>>;
  /** Role names; the empty text is PUBLIC. */
  readonly grantees: readonly string[];
  /** WITH GRANT OPTION, or GRANT OPTION FOR when revoked. */
  readonly grantOption: boolean;
}

export const GRANT_GROUPS = ['databases', 'schemas', 'tables', 'sequences', 'functions', 'procedures'] as const;
export type GrantGroup = (typeof GRANT_GROUPS)[number];

const GROUP_OF: Readonly<Partial<Record<ObjectKind, GrantGroup>>> = {
  database: 'databases',
  schema: 'schemas',
  table: 'tables',
  'foreign-table': 'tables',
  view: 'tables',
  'materialized-view': 'tables',
  sequence: 'sequences',
  function: 'functions',
  'trigger-function': 'functions',
  aggregate: 'functions',
  procedure: 'procedures',
};

const WORDS: Readonly<Record<GrantGroup, string>> = {
  databases: 'DATABASE',
  schemas: 'SCHEMA',
  tables: 'TABLE',
  sequences: 'SEQUENCE',
  functions: 'FUNCTION',
  procedures: 'PROCEDURE',
};

/** The kinds that are granted alike; undefined for kinds without privileges here. */
export const grantGroupOf = (kind: ObjectKind): GrantGroup | undefined => GROUP_OF[kind];

/** Privileges that a server knows for a group. */
export function privilegesOf(group: GrantGroup, version: number): readonly string[] {
  switch (group) {
    case 'databases':
      return ['CONNECT', 'CREATE', 'TEMPORARY'];
    case 'schemas':
      return ['USAGE', 'CREATE'];
    case 'tables':
      return [
        ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'],
        ...(version >= 170_000 ? ['MAINTAIN'] : []),
      ];
    case 'sequences':
      return ['USAGE', 'SELECT', 'UPDATE'];
    default:
      return ['EXECUTE'];
  }
}

const grantee = (name: string): string => (name === '' ? 'PUBLIC' : quoteIdent(name));

const targetName = ({ ref, arguments: args }: GrantTarget, group: GrantGroup): string => {
  if (group === 'databases' || group === 'schemas') return quoteIdent(ref.name);
  const name = quoteQualified(ref.schema, ref.name);
  return group === 'functions' || group === 'procedures' ? `${name}${args}` : name;
};

/** One statement for each group that has objects and privileges; empty while anything is missing. */
export function grantStatements(targets: readonly GrantTarget[], choice: GrantChoice): readonly Statement[] {
  if (choice.grantees.length === 0) return [];
  const to = choice.grantees.map(grantee).join(', ');
  return GRANT_GROUPS.flatMap((group): Statement[] => {
    const names = targets
      .filter(({ ref }) => grantGroupOf(ref.kind) === group)
      .map((target) => targetName(target, group));
    const privileges = (choice.privileges[group] ?? []).join(', ');
    if (names.length === 0 || privileges === '') return [];
    const what = `${privileges} ON ${WORDS[group]} ${names.join(', ')}`;
    return [
      {
        sql: choice.revoke
          ? `REVOKE ${choice.grantOption ? 'GRANT OPTION FOR ' : ''}${what} FROM ${to}`
          : `GRANT ${what} TO ${to}${choice.grantOption ? ' WITH GRANT OPTION' : ''}`,
      },
    ];
  });
}
