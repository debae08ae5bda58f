import { z } from 'zod';

/** What the event triggers of a source tell of a change of its structure: one message for each event of a command. */

const oid = z.number().int();

/** Numbers as text: they may be larger than what is exact here. */
const sequenceShape = z.object({
  schema: z.string(),
  name: z.string(),
  type: z.string(),
  start: z.string(),
  increment: z.string(),
  min: z.string(),
  max: z.string(),
  cache: z.string(),
  cycle: z.boolean(),
});
export type SequenceShape = z.output<typeof sequenceShape>;

export const columnShape = z.object({
  /** Stays the same through renames. */
  n: z.number().int(),
  name: z.string(),
  /** With its modifier, and its schema where it is not pg_catalog. */
  type: z.string(),
  notNull: z.boolean(),
  default: z.string().nullable(),
  /** `a` always, `d` by default. */
  identity: z.string(),
  /** `s` stored, `v` virtual; the expression is `default`. */
  generated: z.string(),
  /** Where it is not the one of the type. */
  collation: z.string().nullable(),
  local: z.boolean(),
  /** What rows have that were there before the column was added; text of the type. */
  missing: z.string().nullable(),
  /** Of an identity column. */
  sequence: sequenceShape.nullable(),
});
export type ColumnShape = z.output<typeof columnShape>;

export const constraintShape = z.object({ oid, name: z.string(), type: z.string(), def: z.string() });
export type ConstraintShape = z.output<typeof constraintShape>;

export const tableShape = z.object({
  oid,
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['r', 'p']),
  persistence: z.string(),
  owner: z.string(),
  partitionKey: z.string().nullable(),
  /** Of a partition: `FOR VALUES …` or `DEFAULT`. */
  bound: z.string().nullable(),
  parents: z.array(z.object({ oid, schema: z.string(), name: z.string() })),
  /** Storage parameters, each `name=value`. */
  options: z.array(z.string()).nullable(),
  columns: z.array(columnShape),
  /** Own ones: what comes from a parent is left out. */
  constraints: z.array(constraintShape),
});
export type TableShape = z.output<typeof tableShape>;

const viewDetail = z.object({
  kind: z.enum(['v', 'm']),
  schema: z.string(),
  name: z.string(),
  def: z.string(),
  options: z.array(z.string()).nullable(),
  columns: z.array(z.string()).nullable(),
});
export type ViewDetail = z.output<typeof viewDetail>;

const indexDetail = z.object({
  kind: z.enum(['i', 'I']),
  schema: z.string(),
  name: z.string(),
  table: oid,
  def: z.string(),
  valid: z.boolean(),
  /** It comes with a constraint, or with the index of a parent. */
  dependent: z.boolean(),
});
export type IndexDetail = z.output<typeof indexDetail>;

const sequenceDetail = sequenceShape.extend({
  kind: z.literal('S'),
  /** Of an identity column. */
  internal: z.boolean(),
  owner: z.object({ table: oid, column: z.string() }).nullable(),
});
export type SequenceDetail = z.output<typeof sequenceDetail>;

const enumDetail = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.literal('e'),
  labels: z.array(z.string()),
});
export type EnumDetail = z.output<typeof enumDetail>;

const definition = z.object({ def: z.string() });
const ofTable = z.object({ table: oid });
const schemaDetail = z.object({ name: z.string() });
const triggerDetail = z.object({ table: oid, def: z.string(), enabled: z.string() });

/** What an object is like, as far as it is known; null where the statement itself is all there is. */
export const details = {
  view: (value: unknown): ViewDetail | null => viewDetail.safeParse(value).data ?? null,
  index: (value: unknown): IndexDetail | null => indexDetail.safeParse(value).data ?? null,
  sequence: (value: unknown): SequenceDetail | null => sequenceDetail.safeParse(value).data ?? null,
  enumeration: (value: unknown): EnumDetail | null => enumDetail.safeParse(value).data ?? null,
  trigger: (value: unknown): z.output<typeof triggerDetail> | null => triggerDetail.safeParse(value).data ?? null,
  /** The table that an index, a trigger or a constraint is of. */
  tableOf: (value: unknown): number | undefined => ofTable.safeParse(value).data?.table,
  schema: (value: unknown): string | undefined => schemaDetail.safeParse(value).data?.name,
  definition: (value: unknown): string | null => definition.safeParse(value).data?.def ?? null,
};

const command = z.object({
  /** As the server says it, e.g. `table`, `table column`, `index`; for GRANT and REVOKE in capitals. */
  type: z.string(),
  schema: z.string().nullable(),
  identity: z.string().nullable(),
  class: z.string().nullable(),
  oid: oid.nullable(),
  sub: z.number().int().nullable(),
  tag: z.string(),
  detail: z.unknown(),
});
export type DdlCommand = z.output<typeof command>;

const dropped = z.object({
  type: z.string(),
  schema: z.string().nullable(),
  name: z.string().nullable(),
  identity: z.string(),
  oid,
  sub: z.number().int(),
  /** Named by the statement; `normal`: goes because it needs what was named, or something that goes. */
  original: z.boolean(),
  normal: z.boolean(),
  names: z.array(z.string().nullable()).nullable(),
});
export type DroppedObject = z.output<typeof dropped>;

const said = {
  token: z.string(),
  tag: z.string(),
  /** All that the client has sent at once; maybe many statements. */
  query: z.string().nullable(),
  /** `search_path` of whoever ran it. */
  path: z.string(),
  role: z.string(),
};

export const ddlEvent = z.discriminatedUnion('event', [
  z.object({
    ...said,
    event: z.literal('ddl_command_end'),
    commands: z.array(command),
    /** As they were after the change before, null when they were not; and as they are now. */
    tables: z.array(z.object({ before: tableShape.nullable(), after: tableShape })),
  }),
  /** Comes before the end of the same command. */
  z.object({ ...said, event: z.literal('sql_drop'), dropped: z.array(dropped) }),
  /** Comes before the end of the same command. */
  z.object({ ...said, event: z.literal('table_rewrite'), table: oid }),
  /** What happened could not be noted. */
  z.object({ ...said, event: z.literal('failed'), reason: z.string() }),
]);
export type DdlEvent = z.output<typeof ddlEvent>;
export type DdlEnd = Extract<DdlEvent, { event: 'ddl_command_end' }>;
export type DdlDrop = Extract<DdlEvent, { event: 'sql_drop' }>;
