import { z } from 'zod';
import type { MigrateOption } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import {
  EXISTING_ROWS,
  MIGRATION_TYPES,
  migrationOptions,
  ON_DRIFT,
  type CompareMode,
  type MigrationOptions,
} from '../../../shared/model/migration';
import { invalid, unsupported } from './common';
import { extraAttributes, readExtras } from './dts-endpoint';
import { databaseItems, dbItem, selectionOf } from './dts-selection';

/** How and what a task migrates, as the public `dts` service describes it. */

const text = z.string().max(4096).optional();
const count = z.number().int().min(0).optional();

const objects = z.strictObject({
  ObjectMode: z.enum(['all', 'partial']),
  Databases: z.array(dbItem).max(10_000).optional(),
  AdvancedObjects: z.array(z.string().max(64)).max(100).optional(),
});

const consistency = z.strictObject({
  Mode: z.enum(['full', 'noCheck', 'notConfigured']).optional(),
  ObjectMode: text,
  Objects: objects.optional(),
  Options: z
    .strictObject({
      Method: text,
      SampleRate: z.number().optional(),
      ThreadCount: z.number().optional(),
      Type: text,
      CompareMode: z.array(z.string().max(64)).max(10).optional(),
      ReCheckTime: z.number().optional(),
      ReCheckInterval: z.number().optional(),
    })
    .optional(),
});

export const migrateOptionRequest = z.strictObject({
  DatabaseTable: objects,
  MigrateType: z.enum(MIGRATION_TYPES).default('fullAndIncrement'),
  Consistency: consistency.optional(),
  IsMigrateAccount: z.boolean().optional(),
  IsOverrideRoot: z.boolean().optional(),
  IsDstReadOnly: z.boolean().optional(),
  ExtraAttr: extraAttributes,
  MigrateWay: z.enum(['logical', 'physical']).optional(),
  RateLimit: z
    .strictObject({
      DumpThread: z.number().int().min(0).max(16).optional(),
      DumpRps: count,
      LoadThread: z.number().int().min(0).max(16).optional(),
      LoadRps: count,
      SinkerThread: z.number().int().min(0).max(128).optional(),
    })
    .optional(),
});

/**
 * Keys of `MigrateOption.ExtraAttr`, for what the public shape has no field for: `CopyJobs`, `IndexJobs` (0 to 16, 0 by the processors),
 * `BytesPerSecond` (0 no limit), `SplitAbove` (bytes, 0 never), `ExistingRows` (`refuse`, `truncate`, `append`), `KeepOwners`,
 * `KeepPrivileges`, `Analyze`, `TuneTarget` (`true`, `false`), `RowFilter` and `Sequences` (JSON, see `dts-selection.ts`). Of the incremental
 * type: `FollowDdl` (`true`, `false`), `OnDrift` (`halt`, `log`), `ApplyJobs` (1 to 16), `WalAlarm` and `WalCeiling` (bytes, 0 never).
 */
const NUMBERS = {
  CopyJobs: 'copyJobs',
  IndexJobs: 'indexJobs',
  BytesPerSecond: 'bytesPerSecond',
  SplitAbove: 'splitAbove',
  ApplyJobs: 'applyJobs',
  WalAlarm: 'walAlarm',
  WalCeiling: 'walCeiling',
} as const;
const SWITCHES = {
  KeepOwners: 'keepOwners',
  KeepPrivileges: 'keepPrivileges',
  Analyze: 'analyze',
  TuneTarget: 'tuneTarget',
  FollowDdl: 'followDdl',
} as const;
const KEYS = [...Object.keys(NUMBERS), ...Object.keys(SWITCHES), 'ExistingRows', 'OnDrift', 'RowFilter', 'Sequences'];

/** Rows a second are not counted here: bytes are limited instead. */
export const noRows = () =>
  unsupported(
    'Rows a second are not limited here: limit bytes by ModifyMigrationSpeed of our own service, or by BytesPerSecond',
  );

type Request = z.output<typeof migrateOptionRequest>;

function refuseWhatIsNot(given: Request): void {
  if (given.MigrateWay === 'physical') throw unsupported('Servers are migrated logically here, not physically');
  if (given.Consistency && given.Consistency.Mode === 'full' && given.Consistency.ObjectMode === 'custom')
    throw unsupported('At the cut-over everything is compared; compare chosen tables by CreateCompareTask');
  if (given.IsOverrideRoot) throw invalid('IsOverrideRoot is for MySQL only');
  if (given.IsDstReadOnly) throw invalid('IsDstReadOnly is for MySQL only');
  if (given.RateLimit?.DumpRps || given.RateLimit?.LoadRps) throw noRows();
}

const APPLY_JOBS_MOST = 16;

/** `SinkerThread`: sessions that apply changes; 0 and none keep what is. Fails with `InvalidParameterValue`. */
export function applyJobsOf(threads: number | undefined): { readonly applyJobs?: number } {
  if (!threads) return {};
  if (threads > APPLY_JOBS_MOST) throw invalid(`SinkerThread is ${APPLY_JOBS_MOST} at most`);
  return { applyJobs: threads };
}

/** What the cut-over compares when nothing more is said. `Consistency.Mode`: `full`, `noCheck` nothing, else the numbers of rows. */
export function compareAtEndOf({ Consistency }: Request): CompareMode | null {
  const mode = Consistency?.Mode ?? 'notConfigured';
  return mode === 'full' ? 'full' : mode === 'noCheck' ? null : 'rowCount';
}

const oneOf = <Word extends string>(
  extras: ReadonlyMap<string, string>,
  key: string,
  words: readonly Word[],
): Word | undefined => {
  const value = extras.get(key);
  const found = words.find((each) => each === value);
  if (value !== undefined && found === undefined) throw invalid(`${key} is none of ${words.join(', ')}`);
  return found;
};

/** Fails with `InvalidParameterValue` or `UnsupportedOperation`. */
export function optionsOf(given: Request): MigrationOptions {
  refuseWhatIsNot(given);
  const extras = readExtras(given.ExtraAttr, KEYS, 'MigrateOption');
  const numbers = Object.entries(NUMBERS).flatMap(([key, name]) => {
    const value = extras.get(key);
    if (value === undefined) return [];
    if (!/^\d{1,15}$/.test(value)) throw invalid(`${key} must be a whole number`);
    return [[name, Number(value)]];
  });
  const switches = Object.entries(SWITCHES).flatMap(([key, name]) => {
    const value = extras.get(key);
    if (value === undefined) return [];
    if (value !== 'true' && value !== 'false') throw invalid(`${key} must be true or false`);
    return [[name, value === 'true']];
  });
  const existing = oneOf(extras, 'ExistingRows', EXISTING_ROWS);
  const onDrift = oneOf(extras, 'OnDrift', ON_DRIFT);
  const { DumpThread, LoadThread, SinkerThread } = given.RateLimit ?? {};
  const parsed = migrationOptions.safeParse({
    type: given.MigrateType,
    objects: selectionOf(given.DatabaseTable, given.IsMigrateAccount, extras.get('RowFilter'), extras.get('Sequences')),
    ...(DumpThread ? { copyJobs: DumpThread } : {}),
    ...(LoadThread ? { indexJobs: LoadThread } : {}),
    ...applyJobsOf(SinkerThread),
    ...(existing === undefined ? {} : { existingRows: existing }),
    ...(onDrift === undefined ? {} : { onDrift }),
    ...Object.fromEntries([...numbers, ...switches]),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(`MigrateOption is not valid: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** The way back: what was configured, as it could be given again. */
export function migrateOption(options: MigrationOptions, compareAtEnd: CompareMode | null): MigrateOption {
  const { databases, rowFilter, sequences } = databaseItems(options.objects);
  const extras: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.entries(NUMBERS).map(([key, name]) => [key, String(options[name])])),
    ...Object.fromEntries(Object.entries(SWITCHES).map(([key, name]) => [key, String(options[name])])),
    ExistingRows: options.existingRows,
    OnDrift: options.onDrift,
    ...(rowFilter === '' ? {} : { RowFilter: rowFilter }),
    ...(sequences === '' ? {} : { Sequences: sequences }),
  };
  return {
    DatabaseTable: { ObjectMode: options.objects.mode, Databases: databases },
    MigrateType: options.type,
    Consistency: {
      Mode: compareAtEnd === null ? 'noCheck' : compareAtEnd === 'full' ? 'full' : 'notConfigured',
    },
    IsMigrateAccount: options.objects.roleMode !== 'none',
    IsOverrideRoot: false,
    IsDstReadOnly: false,
    ExtraAttr: Object.entries(extras).map(([Key, Value]) => ({ Key, Value })),
    MigrateWay: 'logical',
    RateLimit: {
      DumpThread: options.copyJobs,
      LoadThread: options.indexJobs,
      ...(options.type === 'fullAndIncrement' ? { SinkerThread: options.applyJobs } : {}),
    },
  };
}
