import { z } from 'zod';
import {
  COMPARE_MODES,
  COMPARE_RESULTS,
  COMPARE_STATUSES,
  completion,
  finding,
  JOB_ACTIONS,
  JOB_STATUSES,
  MIGRATION_TYPES,
  migrationOptions,
} from '../../../shared/model/migration';
import type { CompareView, RowDifference, TableCompare } from '../../../shared/model/migration-api';
import { logLine, migrationProgress, objectOutcome, tableProgress } from '../../../shared/model/migration-shapes';
import { CONNECTION_STEPS, SSL_MODES } from '../../../shared/model/server';

/** What the local daemon answers about migration tasks; the types are in shared/model/migration-api. */

export const jobIdsResponse = z.object({ JobIds: z.array(z.string()).min(1) });

/** Of the public list only what the window orders and watches by; the rest comes from our own service. */
export const jobListResponse = z.object({
  TotalCount: z.number(),
  JobList: z
    .array(
      z.looseObject({
        JobId: z.string(),
        Status: z.string(),
        CompareTask: z.looseObject({ Status: z.string().nullish() }).nullish(),
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
});

export const migrateInstancesResponse = z.object({
  TotalCount: z.number().nullish(),
  Instances: z
    .array(
      z.object({
        InstanceId: z.string(),
        InstanceName: z.string().nullish(),
        Vip: z.string().nullish(),
        Vport: z.number().nullish(),
        /** 1: it can be a side. */
        Usable: z.number().nullish(),
        Hint: z.string().nullish(),
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
});

const moment = z.number().nullable();

const endpointView = z.object({
  accessType: z.string(),
  region: z.string(),
  instanceId: z.string(),
  host: z.string(),
  port: z.number(),
  user: z.string(),
  database: z.string(),
  ssl: z.object({
    mode: z.enum(SSL_MODES),
    rootCert: z.string(),
    cert: z.string(),
    key: z.string(),
    crl: z.string(),
    sni: z.boolean(),
  }),
  ssh: z
    .object({
      enabled: z.boolean(),
      host: z.string(),
      port: z.number(),
      user: z.string(),
      auth: z.enum(['password', 'identity']),
      identityFile: z.string(),
      keepAlive: z.number(),
      hostKey: z.string(),
    })
    .nullable(),
  hasPassword: z.boolean(),
  hasSshPassword: z.boolean(),
});

const jobView = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(MIGRATION_TYPES),
  status: z.enum(JOB_STATUSES),
  isolated: z.boolean(),
  runMode: z.enum(['immediate', 'timed']),
  scheduledAt: moment,
  createdAt: z.number(),
  startedAt: moment,
  endedAt: moment,
  source: endpointView.nullable(),
  target: endpointView.nullable(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  actions: z.array(z.enum(JOB_ACTIONS)),
  problem: z.string(),
  hint: z.string(),
  fraction: z.number().nullable(),
  region: z.string(),
  size: z.string(),
});

/** One comparison of a task, as its detail and its own page have it. */
export const compareView: z.ZodType<CompareView> = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(COMPARE_STATUSES),
  mode: z.enum(COMPARE_MODES),
  samplePercent: z.number(),
  createdAt: z.number(),
  startedAt: moment,
  endedAt: moment,
  fraction: z.number().nullable(),
  tables: z.number(),
  equal: z.number(),
  different: z.number(),
  failed: z.number(),
  rows: z.number(),
  differences: z.number(),
  problem: z.string(),
  hint: z.string(),
});

const jobDetail = jobView.extend({
  options: migrationOptions.nullable(),
  retryMinutes: z.number(),
  events: z.array(z.object({ at: z.number(), kind: z.string(), text: z.string() })),
  checkedAt: moment,
  skipped: z.array(z.string()),
  completion: completion.nullable(),
  canMoveAddress: z.boolean(),
  compares: z.array(compareView),
  workerPid: z.number().nullable(),
});

export const jobResponse = z.object({ Job: jobDetail });
/** Tasks without what only a task's own page shows. */
export const jobRowsResponse = z.object({ Jobs: z.array(jobView) });

const endpointFacts = z.object({
  version: z.string(),
  versionNum: z.number(),
  superuser: z.boolean(),
  user: z.string(),
  tls: z.string(),
  databases: z.array(z.object({ name: z.string(), bytes: z.number() })),
});

export const endpointTestResponse = z.object({
  Steps: z.array(
    z.object({
      step: z.enum(CONNECTION_STEPS),
      state: z.enum(['ok', 'failed', 'skipped', 'not-reached']),
      detail: z.string(),
      hint: z.string(),
      ms: z.number(),
    }),
  ),
  Facts: endpointFacts.nullable(),
  NewHostKey: z.string().nullish(),
});

export const sourceObjectsResponse = z.object({
  Objects: z.object({
    database: z.string(),
    schemas: z.array(
      z.object({
        name: z.string(),
        objects: z.array(
          z.object({
            name: z.string(),
            kind: z.enum(['table', 'partitioned', 'foreign', 'view', 'materialized', 'function', 'sequence']),
            bytes: z.number(),
            rows: z.number(),
          }),
        ),
      }),
    ),
    largeObjects: z.number(),
  }),
});

export const sourceRolesResponse = z.object({ Roles: z.array(z.string()) });

export const closureResponse = z.object({
  Notes: z.array(
    z.object({
      database: z.string(),
      object: z.string(),
      needs: z.object({ kind: z.string(), schema: z.string(), name: z.string() }),
      how: z.enum(['add', 'comes', 'gap']),
    }),
  ),
});

export const findingsResponse = z.object({ Findings: z.array(finding), Skipped: z.array(z.string()) });

export const progressResponse = z.object({ Progress: migrationProgress.nullable() });

export const tablesResponse = z.object({ TotalCount: z.number(), Tables: z.array(tableProgress) });
export const objectsResponse = z.object({ TotalCount: z.number(), Objects: z.array(objectOutcome) });
export const migrationLogResponse = z.object({
  TotalCount: z.number(),
  Lines: z.array(logLine),
});

export const compareIdResponse = z.object({ CompareTaskId: z.string() });

const tableCompare: z.ZodType<TableCompare> = z.object({
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  result: z.enum(COMPARE_RESULTS),
  mode: z.enum(COMPARE_MODES),
  rows: z.number(),
  estimatedRows: z.number(),
  sourceRows: z.number().nullable(),
  targetRows: z.number().nullable(),
  chunks: z.number(),
  chunksDone: z.number(),
  differences: z.number(),
  startedAt: moment,
  endedAt: moment,
  reason: z.string(),
});

export const compareTablesResponse = z.object({
  Compare: compareView,
  TotalCount: z.number(),
  Tables: z.array(tableCompare),
});

const rowDifference: z.ZodType<RowDifference> = z.object({
  kind: z.enum(['missing', 'extra', 'changed']),
  key: z.array(z.object({ column: z.string(), value: z.string().nullable() })),
  columns: z.array(z.object({ column: z.string(), source: z.string().nullable(), target: z.string().nullable() })),
});

export const differencesResponse = z.object({ Differences: z.array(rowDifference) });

export const reportResponse = z.object({
  Report: z.object({
    job: jobDetail,
    findings: z.array(finding),
    progress: migrationProgress.nullable(),
    tables: z.array(tableProgress),
    objects: z.array(objectOutcome),
    // A daemon that was started by an earlier version does not tell it.
    compared: z
      .array(
        z.object({
          compareId: z.string(),
          tables: z.array(tableCompare),
          rows: z.array(
            z.object({ database: z.string(), schema: z.string(), name: z.string(), rows: z.array(rowDifference) }),
          ),
        }),
      )
      .default([]),
    madeAt: z.number(),
  }),
});
