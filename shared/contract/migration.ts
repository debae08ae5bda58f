import { z } from 'zod';
import type { Finding, MigrationProgress } from '../model/migration';
import { COMPARE_MODES, completion, decision, migrationOptions, objectSelection } from '../model/migration';
import type {
  ClosureNote,
  EndpointObjects,
  EndpointTest,
  LogPage,
  MigrationJobDetail,
  MigrationJobView,
  CompareView,
  ObjectsPage,
  RowDifference,
  TableCompare,
  TablesPage,
} from '../model/migration-api';
import { SSL_MODES } from '../model/server';
import { call, push } from './define';

const text = (max: number) => z.string().max(max);
const id = z.string().min(1).max(64);
const one = z.object({ id });
const path = text(4096);

export const tags = z.array(z.object({ key: text(127), value: text(255) })).max(20);

/** A side of a task as the wizard has it. A password that is null: what the task has stored. */
export const migrationSide = z.discriminatedUnion('kind', [
  /** A registered server: everything comes from its registration. */
  z.object({ kind: z.literal('server'), serverId: id, database: text(63).default('') }),
  z.object({
    kind: z.literal('instance'),
    instanceId: id,
    region: text(64).default(''),
    user: z.string().min(1).max(63),
    password: text(1000).nullable(),
    database: text(63).default('postgres'),
  }),
  z.object({
    kind: z.literal('host'),
    accessType: z.enum(['extranet', 'cvm', 'dcg', 'vpncloud', 'ccn']),
    region: text(64).default(''),
    host: z.string().min(1).max(1024),
    port: z.number().int().min(1).max(65_535),
    user: z.string().min(1).max(63),
    password: text(1000).nullable(),
    database: z.string().min(1).max(63),
    ssl: z.object({ mode: z.enum(SSL_MODES), rootCert: path, cert: path, key: path, crl: path, sni: z.boolean() }),
    ssh: z
      .object({
        enabled: z.boolean(),
        host: text(1024),
        port: z.number().int().min(1).max(65_535),
        user: text(256),
        auth: z.enum(['password', 'identity']),
        identityFile: path,
        keepAlive: z.number().min(0),
        hostKey: text(256),
      })
      .nullable(),
    sshPassword: text(1000).nullable(),
  }),
]);
export type MigrationSide = z.output<typeof migrationSide>;

const page = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) };

/** Migration tasks of the local control plane. */
export const migration = {
  calls: {
    /** Newest first. */
    list: call<{ total: number; jobs: MigrationJobView[] }>()(
      z.object({
        search: text(200).default(''),
        /** Those of the service, and `isolated`. */
        statuses: z.array(text(32)).max(20).default([]),
        tag: z
          .object({ key: text(127), value: text(255) })
          .nullable()
          .default(null),
        ...page,
      }),
    ),
    detail: call<MigrationJobDetail>()(one),
    /** Instances of the control plane that can be a side. */
    instances: call<{ id: string; name: string; host: string; port: number; usable: boolean; hint: string }[]>()(
      z.object({ role: z.enum(['source', 'target']) }),
    ),
    create: call<{ id: string }>()(z.object({ name: text(128), size: text(32).default('medium'), tags })),
    configure: call<void>()(
      z.object({
        id,
        name: text(128),
        tags,
        runMode: z.enum(['immediate', 'timed']),
        /** Milliseconds since the epoch. */
        at: z.number().nullable(),
        source: migrationSide,
        target: migrationSide,
        options: migrationOptions,
        retryMinutes: z.number().int().min(0).max(720),
      }),
    ),
    /** `id`: where a password that is null is taken from. */
    test: call<EndpointTest>()(
      z.object({ id: id.nullable(), role: z.enum(['source', 'target']), side: migrationSide }),
    ),
    sourceObjects: call<EndpointObjects>()(z.object({ id, database: z.string().min(1).max(63) })),
    sourceRoles: call<string[]>()(one),
    closure: call<ClosureNote[]>()(z.object({ id, objects: objectSelection })),
    check: call<void>()(one),
    findings: call<{ findings: Finding[]; skipped: string[] }>()(one),
    skip: call<void>()(z.object({ id, steps: z.array(text(64)).max(20) })),
    fix: call<void>()(z.object({ id, check: text(64), database: text(63), side: z.enum(['source', 'target']) })),
    start: call<void>()(one),
    pause: call<void>()(one),
    /** `continue` of the public service. */
    goOn: call<void>()(one),
    stop: call<void>()(one),
    resume: call<void>()(one),
    isolate: call<void>()(one),
    recover: call<void>()(one),
    destroy: call<void>()(one),
    rename: call<void>()(z.object({ id, name: text(128) })),
    setTags: call<void>()(z.object({ id, tags })),
    limit: call<void>()(
      z.object({
        id,
        copyJobs: z.number().int().min(1).max(16).optional(),
        indexJobs: z.number().int().min(1).max(16).optional(),
        bytesPerSecond: z.number().int().min(0).optional(),
      }),
    ),
    complete: call<void>()(z.object({ id, completion })),
    takeBack: call<void>()(one),
    goBack: call<void>()(z.object({ id, completion })),
    finish: call<void>()(one),
    decide: call<void>()(z.object({ id, decision })),
    /** Answers the id of the comparison, which runs at once. */
    compare: call<{ compareId: string }>()(
      z.object({
        id,
        name: text(128).default(''),
        mode: z.enum(COMPARE_MODES),
        samplePercent: z.number().int().min(1).max(100).default(10),
        /** Tables as `database`, `schema`, `name` of the source; empty is all of them. */
        tables: z
          .array(z.object({ database: text(63), schema: text(63), name: text(63) }))
          .max(10_000)
          .default([]),
      }),
    ),
    stopCompare: call<void>()(z.object({ id, compareId: id })),
    deleteCompare: call<void>()(z.object({ id, compareId: id })),
    compareTables: call<{ compare: CompareView; total: number; tables: TableCompare[] }>()(
      z.object({ id, compareId: id, search: text(200), result: text(32), ...page }),
    ),
    /** The rows of one table that differ, a thousand at most. */
    differences: call<RowDifference[]>()(
      z.object({ id, compareId: id, database: text(63), schema: text(63), name: text(63) }),
    ),
    progress: call<MigrationProgress | null>()(one),
    tables: call<TablesPage>()(z.object({ id, search: text(200), state: text(32), ...page })),
    objects: call<ObjectsPage>()(z.object({ id, search: text(200), outcome: text(32), ...page })),
    log: call<LogPage>()(z.object({ id, from: z.number().int().min(0), limit: z.number().int().min(1).max(5000) })),
    /** Written as HTML or JSON by the file's ending; the labels of the page in the language, English by default. */
    saveReport: call<void>()(z.object({ id, fileToken: id, language: z.enum(['en', 'zh-CN']).optional() })),
  },
  pushes: {
    /** Something about the tasks has changed. */
    changed: push<{ ids: string[] }>(),
  },
};
