import { z } from 'zod';
import type {
  CompareObject,
  CompareOptions,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import type { CompareMode } from '../../../shared/model/migration';
import type { CompareWish, TableName } from '../migration/compare-tasks';
import { invalid, missing, unsupported } from './common';

/** What is to be compared, in the words of the public `dts` service, and back. */

export const METHODS: Readonly<Record<CompareMode, string>> = {
  full: 'dataCheck',
  sample: 'sampleDataCheck',
  rowCount: 'rowsCount',
};
const THREADS_MAX = 8;
/** Of a sample whose size nobody has said, percent. */
const SAMPLE = 10;
const PARTS_MAX = 100_000;

const name = z.string().max(63).optional();
const mode = z.enum(['all', 'partial']).optional();

export const compareObjects = z.strictObject({
  ObjectMode: z.enum(['all', 'partial']),
  ObjectItems: z
    .array(
      z.strictObject({
        DbName: z.string().max(63),
        DbMode: z.enum(['all', 'partial']),
        SchemaName: name,
        TableMode: mode,
        Tables: z
          .array(
            z.strictObject({
              TableName: name,
              ColumnMode: mode,
              Columns: z.array(z.strictObject({ ColumnName: name })).optional(),
              FilterCondition: z.string().optional(),
              FilterTimeZone: z.string().optional(),
            }),
          )
          .max(PARTS_MAX)
          .optional(),
        ViewMode: mode,
        Views: z
          .array(z.strictObject({ ViewName: name }))
          .max(PARTS_MAX)
          .optional(),
      }),
    )
    .max(PARTS_MAX)
    .optional(),
  AdvancedObjects: z.array(z.string()).optional(),
});
type Objects = z.output<typeof compareObjects>;

export const compareOptions = z.strictObject({
  Method: z.enum(['dataCheck', 'sampleDataCheck', 'rowsCount']).optional(),
  SampleRate: z.number().int().min(0).max(100).optional(),
  ThreadCount: z.number().int().min(1).max(THREADS_MAX).optional(),
  Type: z.enum(['builtin', 'independent']).optional(),
  CompareMode: z.array(z.string()).optional(),
  ReCheckTime: z.number().int().optional(),
  ReCheckInterval: z.number().int().optional(),
});
type Options = z.output<typeof compareOptions>;

/** The tables that are meant; views are not compared, as the documentation says. */
function tablesOf(objects: Objects): TableName[] {
  if (objects.AdvancedObjects?.length) throw unsupported('AdvancedObjects are for MongoDB only');
  if (objects.ObjectMode === 'all') return [];
  const items = objects.ObjectItems ?? [];
  if (items.length === 0) throw missing('Objects.ObjectItems');
  return items.flatMap(({ DbName: database, DbMode, SchemaName: schema = '', TableMode, Tables = [] }) => {
    for (const { ColumnMode, Columns = [], FilterCondition, FilterTimeZone } of Tables)
      if (ColumnMode === 'partial' || Columns.length > 0 || FilterCondition || FilterTimeZone)
        throw unsupported(
          'Whole rows are compared, all that the task moves: columns and filters cannot be chosen here',
        );
    if (DbMode === 'all') return [{ database, schema: '', name: '' }];
    if (schema === '') throw missing('Objects.ObjectItems.SchemaName');
    if (TableMode === 'all' || (TableMode === undefined && Tables.length === 0))
      return [{ database, schema, name: '' }];
    if (Tables.length === 0) throw missing('Objects.ObjectItems.Tables');
    return Tables.map(({ TableName: table = '' }) => {
      if (table === '') throw missing('Objects.ObjectItems.Tables.TableName');
      return { database, schema, name: table };
    });
  });
}

function howOf(options: Options): Pick<CompareWish, 'mode' | 'samplePercent' | 'threads'> {
  if (options.Type === 'independent') throw unsupported('Comparisons run beside their task here: builtin');
  if (options.ReCheckTime || options.ReCheckInterval)
    throw unsupported('Rows that seem to differ are looked at again by themselves until their changes have arrived');
  const other = options.CompareMode?.find((each) => each !== 'full');
  if (other !== undefined)
    throw unsupported(`The comparison ${other} is not available: rows are compared (full), also while they change`);
  const found = Object.entries(METHODS).find(([, method]) => method === (options.Method ?? 'dataCheck'))?.[0];
  const way = found === 'sample' || found === 'rowCount' ? found : 'full';
  if (way === 'sample' && options.SampleRate === 0) throw invalid('SampleRate is 1 to 100 of a sample');
  return { mode: way, samplePercent: options.SampleRate || SAMPLE, threads: options.ThreadCount ?? 0 };
}

/** Fails with `InvalidParameterValue`, `MissingParameter` or `UnsupportedOperation`. */
export function wishOf(
  given: {
    readonly TaskName?: string | undefined;
    readonly ObjectMode?: 'sameAsMigrate' | 'custom' | undefined;
    readonly Objects?: Objects | undefined;
    readonly Options?: Options | undefined;
  },
  before: CompareWish = { name: '', mode: 'full', samplePercent: SAMPLE, threads: 0, tables: [] },
): CompareWish {
  if (given.ObjectMode === 'custom' && !given.Objects) throw missing('Objects');
  const tables =
    given.ObjectMode === 'sameAsMigrate' ? [] : given.Objects === undefined ? before.tables : tablesOf(given.Objects);
  return {
    ...before,
    ...(given.Options ? howOf(given.Options) : {}),
    name: given.TaskName ?? before.name,
    tables,
  };
}

export const optionsOf = ({ mode: way, samplePercent, threads = 0 }: CompareWish): CompareOptions => ({
  Method: METHODS[way],
  SampleRate: way === 'sample' ? samplePercent : 100,
  ...(threads === 0 ? {} : { ThreadCount: threads }),
  Type: 'builtin',
  CompareMode: ['full'],
  ReCheckTime: 0,
  ReCheckInterval: 0,
});

export function objectsOf({ tables }: CompareWish): CompareObject {
  if (tables.length === 0) return { ObjectMode: 'all', ObjectItems: [], AdvancedObjects: [] };
  const groups = new Map<string, TableName[]>();
  for (const table of tables) {
    const key = JSON.stringify([table.database, table.schema]);
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  const items = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { database: DbName, schema: SchemaName } = first;
    if (SchemaName === '') return [{ DbName, DbMode: 'all' }];
    const all = group.some((each) => each.name === '');
    const Tables = all ? [] : group.map((each) => ({ TableName: each.name }));
    return [{ DbName, DbMode: 'partial', SchemaName, TableMode: all ? 'all' : 'partial', Tables }];
  });
  return { ObjectMode: 'partial', ObjectItems: items, AdvancedObjects: [] };
}
