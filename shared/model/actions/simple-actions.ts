import type { ObjectKind, ObjectRef, Statement } from '../catalog';
import type { ObjectAction } from '../command';
import { quoteIdent, quoteLiteral, quoteQualified } from '../quote';

/** What the dialog of a simple action asks; each action looks at its own. */
export interface ActionChoice {
  readonly cascade: boolean;
  readonly restartIdentity: boolean;
  /** REFRESH MATERIALIZED VIEW: with or without rows, and without keeping readers out. */
  readonly withData: boolean;
  readonly concurrently: boolean;
  /** DETACH PARTITION … FINALIZE, 14 and later: ends one that was interrupted. */
  readonly finalize: boolean;
  /** Triggers, rules and event triggers: how they fire. */
  readonly firing: 'enable' | 'replica' | 'always';
  readonly restorePoint: string;
  readonly reassign: boolean;
  readonly newOwner: string;
}

export const NEW_CHOICE: ActionChoice = {
  cascade: false,
  restartIdentity: false,
  withData: true,
  concurrently: false,
  finalize: false,
  firing: 'enable',
  restorePoint: '',
  reassign: true,
  newOwner: '',
};

/** Where the object stands: its table, for parts; the parent of a partition. Null for none. */
export type ParentOf = (object: ObjectRef) => ObjectRef | null;

const nameOf = (object: ObjectRef): string => quoteQualified(object.schema, object.name);
const alterTable = (table: ObjectRef): string =>
  `ALTER ${table.kind === 'foreign-table' ? 'FOREIGN TABLE' : table.kind === 'view' ? 'VIEW' : 'TABLE'} ${nameOf(table)}`;

const FIRING = { enable: 'ENABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' } as const;

/** ENABLE and DISABLE of one object. Rules and triggers of views are always on: the server refuses to turn them. */
function turned(object: ObjectRef, on: boolean, { firing }: ActionChoice, parentOf: ParentOf): string[] {
  const word = on ? FIRING[firing] : 'DISABLE';
  switch (object.kind) {
    case 'event-trigger':
      return [`ALTER EVENT TRIGGER ${quoteIdent(object.name)} ${word}`];
    case 'subscription':
      return [`ALTER SUBSCRIPTION ${quoteIdent(object.name)} ${on ? 'ENABLE' : 'DISABLE'}`];
    case 'trigger':
    case 'rule': {
      const table = parentOf(object);
      const what = object.kind === 'trigger' ? 'TRIGGER' : 'RULE';
      return table === null || table.kind === 'view'
        ? []
        : [`ALTER TABLE ${nameOf(table)} ${word} ${what} ${quoteIdent(object.name)}`];
    }
    default:
      return [];
  }
}

function resets(object: ObjectRef): string {
  switch (object.kind) {
    case 'function':
    case 'procedure':
    case 'trigger-function':
    case 'aggregate':
      return `SELECT pg_catalog.pg_stat_reset_single_function_counters(${object.oid}::pg_catalog.oid)`;
    case 'database':
      return 'SELECT pg_catalog.pg_stat_reset()';
    case 'subscription':
      return `SELECT pg_catalog.pg_stat_reset_subscription_stats(${object.oid}::pg_catalog.oid)`;
    default:
      return `SELECT pg_catalog.pg_stat_reset_single_table_counters(${object.oid}::pg_catalog.oid)`;
  }
}

function detach(partition: ObjectRef, choice: ActionChoice, parentOf: ParentOf): Statement[] {
  const parent = parentOf(partition);
  if (parent === null) return [];
  const sql = `ALTER TABLE ${nameOf(parent)} DETACH PARTITION ${nameOf(partition)}`;
  if (choice.finalize) return [{ sql: `${sql} FINALIZE`, outside: true }];
  return choice.concurrently ? [{ sql: `${sql} CONCURRENTLY`, outside: true }] : [{ sql }];
}

/** The statements of an action that has no model of its own; empty while the choice is not complete. */
export function actionStatements(
  action: ObjectAction,
  objects: readonly ObjectRef[],
  choice: ActionChoice,
  parentOf: ParentOf,
): readonly Statement[] {
  const each = (make: (object: ObjectRef) => readonly string[]): Statement[] =>
    objects.flatMap(make).map((sql) => ({ sql }));
  switch (action) {
    case 'truncate': {
      const foreignToo = objects.map(nameOf).join(', ');
      const identity = choice.restartIdentity ? ' RESTART IDENTITY' : '';
      return [{ sql: `TRUNCATE ${foreignToo}${identity}${choice.cascade ? ' CASCADE' : ''}` }];
    }
    case 'refresh-view': {
      const how = choice.concurrently && choice.withData ? 'CONCURRENTLY ' : '';
      return each((view) => [
        `REFRESH MATERIALIZED VIEW ${how}${nameOf(view)}${choice.withData ? '' : ' WITH NO DATA'}`,
      ]);
    }
    case 'enable-triggers':
    case 'disable-triggers': {
      const word = action === 'enable-triggers' ? 'ENABLE' : 'DISABLE';
      return each((table) => [
        `${alterTable({ ...table, kind: table.kind === 'view' ? 'table' : table.kind })} ${word} TRIGGER ALL`,
      ]);
    }
    case 'enable':
    case 'disable':
      return each((object) => turned(object, action === 'enable', choice, parentOf));
    case 'validate':
      return each((constraint) => {
        const owner = parentOf(constraint);
        if (owner === null) return [];
        const alter = owner.kind === 'domain' ? `ALTER DOMAIN ${nameOf(owner)}` : alterTable(owner);
        return [`${alter} VALIDATE CONSTRAINT ${quoteIdent(constraint.name)}`];
      });
    case 'detach':
      return objects.flatMap((partition) => detach(partition, choice, parentOf));
    case 'reset-statistics':
      return each((object) => [resets(object)]);
    case 'reassign-owned': {
      const roles = objects.map((role) => quoteIdent(role.name)).join(', ');
      if (!choice.reassign) return [{ sql: `DROP OWNED BY ${roles}${choice.cascade ? ' CASCADE' : ''}` }];
      return choice.newOwner === '' ? [] : [{ sql: `REASSIGN OWNED BY ${roles} TO ${quoteIdent(choice.newOwner)}` }];
    }
    case 'reload-configuration':
      return [{ sql: 'SELECT pg_catalog.pg_reload_conf()' }];
    case 'restore-point':
      if (choice.restorePoint.trim() === '') return [];
      return [{ sql: `SELECT pg_catalog.pg_create_restore_point(${quoteLiteral(choice.restorePoint)})` }];
    case 'pause-replay':
      return [{ sql: 'SELECT pg_catalog.pg_wal_replay_pause()' }];
    case 'resume-replay':
      return [{ sql: 'SELECT pg_catalog.pg_wal_replay_resume()' }];
    case 'maintain':
    case 'grant':
      return [];
  }
}

/** Kinds that an action works on; the server's own actions have none. */
export const ACTION_KINDS: Readonly<Partial<Record<ObjectAction, readonly ObjectKind[]>>> = {
  maintain: ['database', 'schema', 'table', 'index', 'materialized-view'],
  truncate: ['table', 'foreign-table'],
  'refresh-view': ['materialized-view'],
  grant: [
    'database',
    'schema',
    'table',
    'foreign-table',
    'view',
    'materialized-view',
    'sequence',
    'function',
    'procedure',
    'trigger-function',
  ],
  'enable-triggers': ['table', 'foreign-table'],
  'disable-triggers': ['table', 'foreign-table'],
  enable: ['trigger', 'rule', 'event-trigger', 'subscription'],
  disable: ['trigger', 'rule', 'event-trigger', 'subscription'],
  validate: ['constraint'],
  detach: ['table', 'foreign-table'],
  'reset-statistics': [
    'database',
    'table',
    'materialized-view',
    'index',
    'function',
    'procedure',
    'trigger-function',
    'subscription',
  ],
  'reassign-owned': ['role'],
};

/** First servers that know an action for a kind, where it is not all of them. */
const SINCE: Readonly<Partial<Record<ObjectAction, Readonly<Partial<Record<ObjectKind, number>>>>>> = {
  truncate: { 'foreign-table': 140_000 },
  'reset-statistics': { subscription: 150_000 },
};

/** Whether a server of a version knows an action for things of a kind. */
export const isKnownFor = (action: ObjectAction, kind: ObjectKind, version: number): boolean =>
  ACTION_KINDS[action]?.includes(kind) === true && (SINCE[action]?.[kind] ?? 0) <= version;
