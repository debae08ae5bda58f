import type { CompareItem, CompareOptions } from '../../../shared/model/compare';
import type { Shape, ShapeObject, ShapePiece, TableShape } from '../../../shared/model/compare-shape';
import { findWords, sqlWords, textBetween } from '../../../shared/model/compare-words';
import { forVersion } from './script/for-version';
import { looksAt } from './script/rest-changes';

/** Pieces that say nothing but one thing: there is nothing after it. */
const WHOLE = new Set(['default', 'owned', 'attach', 'refresh', 'attach-index', 'validate', 'shell']);

/** What makes a thing, and what is said of it afterwards. */
export function partsOf(piece: ShapePiece): { readonly create: readonly string[]; readonly rest: readonly string[] } {
  const { sort, statements } = piece;
  if (WHOLE.has(sort)) return { create: statements, rest: [] };
  const isCreate = (sql: string, index: number): boolean =>
    (index === 0 && (sql.startsWith('CREATE ') || sort === 'pg_constraint')) ||
    (sort === 'pg_type' && sql.startsWith('ALTER DOMAIN ') && findWords(sqlWords(sql), 'ADD CONSTRAINT') > 0);
  return { create: statements.filter(isCreate), rest: statements.filter((sql, index) => !isCreate(sql, index)) };
}

/** How two texts are made comparable. */
export interface Comparing {
  readonly options: CompareOptions;
  readonly sourceVersion: number;
  readonly targetVersion: number;
}

function tableSignature(table: TableShape, { options, sourceVersion, targetVersion }: Comparing): string {
  const named = Math.min(sourceVersion, targetVersion) >= 180000;
  const columns = table.columns.map(
    ({ line: _line, usualStorage: _storage, own: _own, notNullName, noInherit, ...rest }) => ({
      ...rest,
      ...(named ? { notNullName, noInherit } : {}),
    }),
  );
  const ordered = options.ignoreColumnOrder
    ? columns.toSorted((left, right) => (left.name < right.name ? -1 : 1))
    : columns;
  return JSON.stringify({
    ...table,
    columns: ordered,
    checks: table.checks.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    foreignOptions: table.foreignOptions.toSorted(),
    options: options.ignoreStorageOptions ? [] : table.options,
    tablespace: options.ignoreTablespaces ? null : table.tablespace,
  });
}

/** A statement without what the comparison doesn't look at. */
function plainCreate(piece: ShapePiece, made: string, { options, sourceVersion, targetVersion }: Comparing): string {
  const sql = forVersion(made, Math.min(sourceVersion, targetVersion)) ?? made;
  if (piece.sort === 'pg_trigger') return sql.replace(/EXECUTE PROCEDURE (?=\S+\(.*\);$)/s, 'EXECUTE FUNCTION ');
  if (piece.sort === 'pg_namespace') return sql.replace('IF NOT EXISTS ', '');
  if (piece.sort === 'pg_extension' && options.ignoreExtensionVersions) return sql.replace(/ VERSION '[^']*'/, '');
  if (piece.object.kind === 'statistics-object') return plainStatistics(sql);
  const isStored = piece.object.kind === 'index' || piece.object.kind === 'materialized-view';
  if (isStored && options.ignoreTablespaces) return plainStorage(sql.replace(/\nTABLESPACE \S+/, ''), options);
  return isStored ? plainStorage(sql, options) : sql;
}

/** The server lists columns as they stand in the table. */
function plainStatistics(sql: string): string {
  const words = sqlWords(sql);
  const on = findWords(words, 'ON');
  const from = findWords(words, 'FROM', on);
  const parts: string[] = [];
  for (let start = on + 1; start < from;) {
    const comma = findWords(words, ',', start);
    const end = comma < 0 || comma > from ? from : comma;
    parts.push(textBetween(sql, words, start, end));
    start = end + 1;
  }
  const tail = textBetween(sql, words, from, words.length);
  return `${textBetween(sql, words, 0, on + 1)} ${parts.toSorted().join(', ')} ${tail}`;
}

const plainStorage = (sql: string, { ignoreStorageOptions }: CompareOptions): string =>
  ignoreStorageOptions ? sql.replace(/\s+WITH \([a-z_.]+=[^)]*\)/, '') : sql;

/** Text of what makes a piece, the same for pieces that need no change. */
export const signature = (piece: ShapePiece, comparing: Comparing): string =>
  piece.table
    ? tableSignature(piece.table, comparing)
    : partsOf(piece)
        .create.map((sql) => plainCreate(piece, sql, comparing))
        .join('\n');

/** Servers before 16 qualify columns where newer ones don't: names that only the older text qualifies are the same. */
export function sameAcrossMajors(newer: string, older: string): boolean {
  const left = sqlWords(newer);
  const right = sqlWords(older);
  let at = 0;
  for (const word of left) {
    const other = right[at];
    if (other?.text === word.text) {
      at += 1;
      continue;
    }
    const isName = other?.kind === 'name' || other?.kind === 'quoted';
    if (!isName || right[at + 1]?.text !== '.' || right[at + 2]?.text !== word.text) return false;
    at += 3;
  }
  return at === right.length;
}

const isQueryText = ({ object, sort }: ShapePiece): boolean =>
  object.kind === 'view' || object.kind === 'materialized-view' || sort === 'pg_rewrite' || sort === 'pg_policy';

/** Whether what makes the thing is the same. */
export function sameCreate(source: ShapePiece, target: ShapePiece, comparing: Comparing): boolean {
  const left = signature(source, comparing);
  const right = signature(target, comparing);
  if (left === right) return true;
  const { sourceVersion, targetVersion } = comparing;
  if (!isQueryText(source) || sourceVersion >= 160000 === targetVersion >= 160000) return false;
  return sourceVersion > targetVersion ? sameAcrossMajors(left, right) : sameAcrossMajors(right, left);
}

/** What is said of a thing after it is made, as far as the comparison looks at it. */
export function restOf(piece: ShapePiece, { options, sourceVersion, targetVersion }: Comparing): string[] {
  const { rest } = partsOf(piece);
  // Servers before 15 give `public` another owner and other privileges from the beginning.
  const isOther =
    sourceVersion >= 150000 !== targetVersion >= 150000 && piece.sort === 'pg_namespace' && piece.name === 'public';
  const shown = isOther ? { ...options, ignoreOwners: true, ignorePrivileges: true } : options;
  const known = Math.min(sourceVersion, targetVersion);
  return rest.filter((sql) => forVersion(sql, known) !== null && looksAt(sql, shown));
}

/** Whether two pieces of one key say the same. */
export const samePiece = (source: ShapePiece, target: ShapePiece, comparing: Comparing): boolean =>
  restOf(source, comparing).toSorted().join('\n') === restOf(target, comparing).toSorted().join('\n') &&
  sameCreate(source, target, comparing);

/** Pieces of each object. */
export function byItem(shape: Shape): Map<string, ShapePiece[]> {
  const items = new Map<string, ShapePiece[]>();
  for (const piece of shape.pieces) {
    const pieces = items.get(piece.item);
    if (pieces) pieces.push(piece);
    else items.set(piece.item, [piece]);
  }
  return items;
}

/** Every object of both sides with what became of it, in the order of the source, then those of the target alone. */
export function compareShapes(source: Shape, target: Shape, options: CompareOptions): CompareItem[] {
  const comparing: Comparing = { options, sourceVersion: source.version, targetVersion: target.version };
  const left = byItem(source);
  const right = byItem(target);
  const items: CompareItem[] = [];
  // What a server brings along is another in every major.
  const isOld = Math.floor(source.version / 10_000) !== Math.floor(target.version / 10_000);
  const isLeftOut = ({ schema }: ShapeObject): boolean => isOld && /^(pg_catalog|information_schema)$/.test(schema);
  for (const [key, pieces] of left) {
    const object = pieces[0]?.object;
    if (!object || isLeftOut(object)) continue;
    const others = right.get(key);
    items.push({ key, object, state: others ? stateOf(pieces, others, comparing) : 'only-source' });
  }
  for (const [key, pieces] of right) {
    const object = pieces[0]?.object;
    if (object && !isLeftOut(object) && !left.has(key)) items.push({ key, object, state: 'only-target' });
  }
  return items;
}

function stateOf(
  source: readonly ShapePiece[],
  target: readonly ShapePiece[],
  comparing: Comparing,
): 'equal' | 'different' {
  // Pieces of which nothing is left to look at don't count.
  const counts = (piece: ShapePiece): boolean =>
    partsOf(piece).create.length > 0 || restOf(piece, comparing).length > 0;
  const others = new Map(target.filter(counts).map((piece) => [piece.key, piece]));
  const own = source.filter(counts);
  if (own.length !== others.size) return 'different';
  return own.every((piece) => {
    const other = others.get(piece.key);
    return other !== undefined && samePiece(piece, other, comparing);
  })
    ? 'equal'
    : 'different';
}
