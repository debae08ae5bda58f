import type { ObjectKind } from '../../shared/model/catalog';
import type { FormState } from '../../shared/model/form';
import { LONG } from './nasty-names';

export const EVIL = `o'Brien "x"; DROP SCHEMA public --`;
export const OTHER = 'new\nline \\ {é}';

/** A thing to make, and what it becomes. */
export interface FormCase {
  readonly kind: ObjectKind;
  /** Query of its oid; `$1` is the name. */
  readonly find: string;
  readonly first: FormState;
  readonly second: FormState;
  /** Fields that are not read as they were asked for. */
  readonly unread: readonly string[];
}

const VERIFIER =
  'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2E=$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=';

const grant = (grantee: string, privileges: readonly string[], grantable: readonly string[] = []) => ({
  grantee,
  privileges,
  grantable,
});

/** Everything that lives in a server or a database as a whole; roles EVIL and LONG and table `"select"."from"` are there. */
export const wholeCases = (version: number, folder: string): FormCase[] => {
  const options = version >= 160_000 ? { inherit: false, set: false } : { inherit: true, set: true };
  return [
    {
      kind: 'database',
      find: 'SELECT oid FROM pg_database WHERE datname = $1',
      first: {
        name: EVIL,
        owner: EVIL,
        comment: "it's \\ one",
        template: 'template0',
        encoding: 'UTF8',
        collate: 'C',
        ctype: 'C',
        ...(version >= 150_000 ? { oid: 4_000_000_001, strategy: 'file_copy', localeProvider: 'libc' } : {}),
        connectionLimit: 7,
        allowConnections: false,
        isTemplate: true,
        privileges: [grant(LONG, ['CONNECT', 'CREATE'], ['CONNECT'])],
        parameters: [
          { id: '1', scope: '', parameter: 'search_path', value: '"$user", public, "a ""b"' },
          { id: '2', scope: LONG, parameter: 'work_mem', value: '9MB' },
        ],
      },
      second: {
        name: OTHER,
        owner: 'postgres',
        comment: '',
        connectionLimit: -1,
        allowConnections: true,
        isTemplate: false,
        privileges: [grant('postgres', ['CONNECT', 'CREATE', 'TEMPORARY']), grant('', ['CONNECT'])],
        parameters: [{ id: '1', scope: '', parameter: 'search_path', value: '"x y"' }],
      },
      unread: ['template', 'strategy', 'oid'],
    },
    {
      kind: 'role',
      find: 'SELECT oid FROM pg_roles WHERE rolname = $1',
      first: {
        name: `${OTHER} role`,
        comment: 'who',
        login: true,
        superuser: true,
        createDatabases: true,
        createRoles: true,
        inherit: false,
        replication: true,
        bypassRls: true,
        password: VERIFIER,
        connectionLimit: 3,
        validUntil: '2031-02-03T04:05:06Z',
        memberOf: [{ id: 'a', role: EVIL, admin: true, ...options, grantor: '' }],
        members: [{ id: 'b', role: LONG, admin: false, inherit: true, set: true, grantor: '' }],
        parameters: [
          { id: 'a', scope: '', parameter: 'work_mem', value: '5MB' },
          { id: 'b', scope: 'zoo', parameter: 'search_path', value: '"a, b", c' },
        ],
      },
      second: {
        name: 'Plain',
        comment: '',
        login: false,
        superuser: false,
        createDatabases: false,
        createRoles: false,
        inherit: true,
        replication: false,
        bypassRls: false,
        connectionLimit: -1,
        validUntil: '',
        memberOf: [],
        members: [{ id: 'b', role: LONG, admin: true, inherit: true, set: true, grantor: 'postgres' }],
        parameters: [{ id: 'a', scope: 'zoo', parameter: 'search_path', value: 'd' }],
      },
      unread: ['password'],
    },
    {
      kind: 'tablespace',
      find: 'SELECT oid FROM pg_tablespace WHERE spcname = $1',
      first: {
        name: EVIL,
        owner: EVIL,
        comment: 'fast',
        location: folder,
        options: [{ name: 'seq_page_cost', value: '0.5' }],
        privileges: [grant(LONG, ['CREATE'], ['CREATE'])],
      },
      second: {
        name: OTHER,
        owner: 'postgres',
        comment: '',
        options: [{ name: 'random_page_cost', value: '1.5' }],
        privileges: [grant('postgres', ['CREATE'])],
      },
      unread: [],
    },
    {
      kind: 'schema',
      find: 'SELECT oid FROM pg_namespace WHERE nspname = $1',
      first: {
        name: EVIL,
        owner: EVIL,
        comment: 'c',
        privileges: [grant('', ['USAGE']), grant(LONG, ['CREATE', 'USAGE'], ['USAGE'])],
        defaultTables: [grant(LONG, ['DELETE', 'SELECT'], ['SELECT'])],
        defaultSequences: [grant('', ['USAGE'])],
        defaultFunctions: [grant(LONG, ['EXECUTE'])],
        defaultTypes: [grant(LONG, ['USAGE'], ['USAGE'])],
      },
      second: {
        name: OTHER,
        owner: LONG,
        comment: '',
        privileges: [grant(LONG, ['CREATE', 'USAGE'])],
        defaultTables: [grant(EVIL, ['SELECT'])],
        defaultSequences: [],
        defaultFunctions: [],
        defaultTypes: [],
      },
      unread: ['privileges'],
    },
    {
      kind: 'extension',
      find: 'SELECT oid FROM pg_extension WHERE extname = $1',
      first: { name: 'plpgsql', schema: 'pg_catalog', version: '1.0', comment: "it's" },
      second: { comment: 'other' },
      unread: [],
    },
    {
      kind: 'publication',
      find: 'SELECT oid FROM pg_publication WHERE pubname = $1',
      first: {
        name: EVIL,
        owner: 'postgres',
        comment: 'c',
        tables: [
          {
            id: 'a',
            table: '"select"."from"',
            only: true,
            columns: version >= 150_000 ? ['where', 'e"f'] : [],
            where: version >= 150_000 ? '("where" > 3)' : '',
          },
          { id: 'b', table: 'public.plain', only: true, columns: [], where: '' },
        ],
        insert: true,
        update: false,
        delete: false,
        truncate: false,
        viaRoot: version >= 130_000,
        ...(version >= 180_000 ? { generatedColumns: 'stored' } : {}),
      },
      second: {
        name: OTHER,
        comment: '',
        tables: [{ id: 'b', table: 'public.plain', only: true, columns: [], where: '' }],
        schemas: version >= 150_000 ? ['select', LONG] : [],
        update: true,
        delete: true,
        truncate: version >= 110_000,
        viaRoot: false,
        ...(version >= 180_000 ? { generatedColumns: 'none' } : {}),
      },
      unread: [],
    },
    {
      kind: 'subscription',
      find: 'SELECT oid FROM pg_subscription WHERE subname = $1',
      first: {
        name: EVIL,
        owner: 'postgres',
        comment: 'c',
        connection: [
          { name: 'host', value: '127.0.0.1' },
          { name: 'port', value: '1' },
        ],
        password: `a'b \\ "c`,
        ...(version >= 130_000 ? { sslPassword: 'd e' } : {}),
        publications: [EVIL, 'p'],
        connect: false,
        enabled: false,
        createSlot: false,
        copyData: false,
        slotName: 'my_slot',
        synchronousCommit: 'local',
        ...(version >= 140_000 ? { streaming: version >= 160_000 ? 'parallel' : 'on', binary: true } : {}),
        ...(version >= 150_000 ? { disableOnError: true } : {}),
        ...(version >= 160_000 ? { runAsOwner: true, passwordRequired: false, origin: 'none' } : {}),
        ...(version >= 170_000 ? { failover: false } : {}),
      },
      second: {
        name: OTHER,
        comment: '',
        connection: [{ name: 'host', value: '127.0.0.2' }],
        password: '',
        sslPassword: '',
        publications: ['p', OTHER],
        slotName: '',
        synchronousCommit: 'off',
        streaming: 'off',
        binary: false,
        disableOnError: false,
        runAsOwner: false,
        passwordRequired: true,
        origin: 'any',
      },
      unread: ['connect', 'createSlot', 'copyData'],
    },
  ];
};

/** Relations without columns of their own. */
export const relationCases = (version: number): FormCase[] => [
  {
    kind: 'sequence',
    find: 'SELECT oid FROM pg_class WHERE relname = $1',
    first: {
      name: EVIL,
      schema: LONG,
      owner: EVIL,
      comment: 'c',
      dataType: 'integer',
      increment: '-3',
      minimum: '-900',
      maximum: '100',
      start: '50',
      cache: '7',
      cycle: true,
      unlogged: version >= 150_000,
      current: '20',
      privileges: [grant(LONG, ['SELECT', 'USAGE'], ['USAGE'])],
    },
    second: {
      name: OTHER,
      schema: 'select',
      owner: 'postgres',
      comment: '',
      dataType: 'bigint',
      increment: '1',
      minimum: '1',
      maximum: '9223372036854775807',
      start: '5',
      cache: '1',
      cycle: false,
      unlogged: false,
      current: '9007199254740993',
      ownedTable: '"select"."from"',
      ownedColumn: 'e"f',
      privileges: [grant('postgres', ['SELECT', 'UPDATE', 'USAGE'])],
    },
    unread: ['privileges'],
  },
  {
    kind: 'view',
    find: 'SELECT oid FROM pg_class WHERE relname = $1',
    first: {
      name: `${EVIL} v`,
      schema: LONG,
      owner: EVIL,
      comment: 'c',
      definition: 'SELECT "where", "e""f" FROM "select"."from" WHERE "where" > 1;\n',
      securityBarrier: true,
      securityInvoker: version >= 150_000,
      checkOption: 'local',
      privileges: [grant(LONG, ['SELECT', 'UPDATE'], ['SELECT'])],
    },
    second: {
      name: `${OTHER} v`,
      schema: 'select',
      owner: 'postgres',
      comment: '',
      definition: 'SELECT "where", "e""f" FROM "select"."from" WHERE "where" < 9',
      securityBarrier: false,
      securityInvoker: false,
      checkOption: 'cascaded',
    },
    unread: ['definition', 'privileges'],
  },
  {
    kind: 'materialized-view',
    find: 'SELECT oid FROM pg_class WHERE relname = $1',
    first: {
      name: `${EVIL} m`,
      schema: LONG,
      owner: EVIL,
      comment: 'c',
      definition: 'SELECT id, note FROM public.plain',
      withData: false,
      ...(version >= 120_000 ? { accessMethod: 'heap' } : {}),
      ...(version >= 130_000 ? { dependsOnExtensions: ['plpgsql'] } : {}),
      options: [
        { name: 'fillfactor', value: '70' },
        { name: 'toast.autovacuum_enabled', value: 'false' },
      ],
      privileges: [grant(LONG, ['SELECT'], ['SELECT'])],
    },
    second: {
      name: `${OTHER} m`,
      schema: 'select',
      owner: 'postgres',
      comment: '',
      withData: true,
      dependsOnExtensions: [],
      options: [{ name: 'autovacuum_enabled', value: 'false' }],
    },
    unread: ['definition', 'privileges'],
  },
];
