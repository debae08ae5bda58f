import { z } from 'zod';
import { AppError } from '../errors';
import { COLUMN_SOURCES, DIAGRAM_COLOURS, REFERENCE_ACTIONS, type Diagram } from './diagram';

/** The file a diagram is kept in: JSON with a mark and a version, so that another file is known as such. */

const MARK = 'howdah-diagram';
const VERSION = 1;

const id = z.string().min(1).max(100);
const name = z.string().max(1000);
const sql = z.string().max(1_000_000);
const place = z.number().min(-10_000_000).max(10_000_000);

const key = z.object({ id, name, columns: z.array(id).max(1600).readonly() });
const column = z.object({
  id,
  name,
  type: sql,
  notNull: z.boolean(),
  default: sql,
  source: z.enum(COLUMN_SOURCES),
  comment: sql,
});
const table = z.object({
  id,
  schema: name,
  name,
  comment: sql,
  columns: z.array(column).max(1600).readonly(),
  primaryKey: key.nullable(),
  uniques: z.array(key).max(1000).readonly(),
  partitionBy: sql,
  partitions: z.number().int().min(0),
  colour: z.enum(DIAGRAM_COLOURS),
  x: place,
  y: place,
});
const relation = z.object({
  id,
  name,
  from: id,
  to: id,
  pairs: z
    .array(z.object({ from: id, to: id }))
    .min(1)
    .max(1600)
    .readonly(),
  onUpdate: z.enum(REFERENCE_ACTIONS),
  onDelete: z.enum(REFERENCE_ACTIONS),
  full: z.boolean(),
  defer: z.enum(['no', 'deferrable', 'deferred']),
});
const note = z.object({
  id,
  text: sql,
  colour: z.enum(DIAGRAM_COLOURS),
  x: place,
  y: place,
  width: z.number().min(1).max(10_000),
  height: z.number().min(1).max(10_000),
});
const tables = z.array(table).max(5000).readonly();
const relations = z.array(relation).max(50_000).readonly();

/** A diagram as it crosses the bridge or stands in a file. */
export const diagramSchema = z
  .object({
    tables,
    relations,
    notes: z.array(note).max(5000).readonly(),
    baseline: z.object({ tables, relations }).nullable(),
  })
  .refine(hangsTogether, 'a key or a relation names something that is not there');

const fileSchema = z.object({ format: z.literal(MARK), version: z.number().int(), diagram: z.unknown() });

type Parts = Pick<Diagram, 'tables' | 'relations'>;

/** Whether ids are unique and everything that is named is there: the drawing and the SQL rely on it. */
function hangsTogether(diagram: Diagram): boolean {
  const ids = [...diagram.tables, ...diagram.relations, ...diagram.notes].map((each) => each.id);
  return (
    new Set(ids).size === ids.length && isWhole(diagram) && (diagram.baseline === null || isWhole(diagram.baseline))
  );
}

function isWhole({ tables: all, relations: ties }: Parts): boolean {
  const columns = new Map(all.map((each) => [each.id, new Set(each.columns.map((one) => one.id))]));
  const keysHold = all.every((each) =>
    [...(each.primaryKey ? [each.primaryKey] : []), ...each.uniques].every((one) =>
      one.columns.every((used) => columns.get(each.id)?.has(used) === true),
    ),
  );
  return (
    keysHold &&
    all.every((each) => columns.get(each.id)?.size === each.columns.length) &&
    ties.every((tie) =>
      tie.pairs.every(
        (pair) => columns.get(tie.from)?.has(pair.from) === true && columns.get(tie.to)?.has(pair.to) === true,
      ),
    )
  );
}

export const writeDocument = (diagram: Diagram): string =>
  `${JSON.stringify({ format: MARK, version: VERSION, diagram }, null, 1)}\n`;

const notOurs = (detail: string): AppError =>
  new AppError({
    code: 'invalid-input',
    message: 'This file is not a diagram of Howdah',
    detail,
    hint: 'Choose a file that was saved from a diagram (.howdah-diagram).',
  });

/** Reads a diagram's file. Fails with `invalid-input` when it is something else, broken, or of a later version of the program. */
export function readDocument(text: string): Diagram {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw notOurs(error instanceof Error ? error.message : String(error));
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) throw notOurs(z.prettifyError(file.error));
  if (file.data.version > VERSION) {
    throw new AppError({
      code: 'unsupported',
      message: 'This diagram was saved by a newer version of Howdah',
      detail: `Its format is ${file.data.version}; this version reads up to ${VERSION}.`,
      hint: 'Open it with the version that wrote it.',
    });
  }
  const diagram = diagramSchema.safeParse(file.data.diagram);
  if (!diagram.success) throw notOurs(z.prettifyError(diagram.error));
  return diagram.data;
}
