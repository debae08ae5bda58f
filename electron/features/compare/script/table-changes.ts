import type { ScriptWarning } from '../../../../shared/model/compare';
import type { CheckShape, ColumnShape, TableShape } from '../../../../shared/model/compare-shape';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import { columnChanges } from './column-changes';
import { namesColumn } from './drop-statement';
import { optionChanges, REBUILD, type Change, type ChangeContext, type ChangeStatement } from './outcome';

/** The table of the target as the script finds it. */
export interface TablePlace {
  /** Qualified and quoted. */
  readonly name: string;
  /** It was a partition and is none while it is altered: its columns are its own. */
  readonly detached: boolean;
}

/** What turns a table of the target into the source's: its columns, checks, parents, storage. */
export function tableChanges(
  source: TableShape,
  target: TableShape,
  place: TablePlace,
  context: ChangeContext,
): Change {
  const differs =
    source.kind !== target.kind ||
    source.partitionKey !== target.partitionKey ||
    source.ofType !== target.ofType ||
    source.server !== target.server;
  if (differs) return { ...REBUILD, warnings: [{ code: 'drop-table', name: place.name }] };
  const table = `${source.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE'} ${place.name}`;
  const warnings: ScriptWarning[] = [];
  const statements: ChangeStatement[] = [];
  const columns = changeColumns(source, target, table, place, context);
  const checks = checkChanges(source, target, table, columns.renews);
  statements.push(...checks.before, ...parentChanges(source, target, table));
  statements.push(...columns.statements, ...checks.after, ...storageChanges(source, target, table, context));
  warnings.push(...columns.warnings);
  if (orderDiffers(source, target) && !context.options.ignoreColumnOrder) {
    warnings.push({ code: 'column-order', name: place.name });
  }
  return {
    statements,
    how: 'alter',
    freesColumns: columns.frees,
    renewsColumns: columns.renews,
    retypesColumns: columns.retypes,
    warnings,
  };
}

const orderDiffers = (source: TableShape, target: TableShape): boolean => {
  const has = new Set(target.columns.map(({ name }) => name));
  const wanted = new Set(source.columns.map(({ name }) => name));
  const after = [
    ...target.columns.filter(({ name }) => wanted.has(name)),
    ...source.columns.filter(({ name }) => !has.has(name)),
  ];
  return after.some(({ name }, index) => name !== source.columns[index]?.name);
};

function checkChanges(
  source: TableShape,
  target: TableShape,
  table: string,
  renewed: readonly string[],
): { readonly before: ChangeStatement[]; readonly after: ChangeStatement[] } {
  const key = ({ name, definition }: CheckShape): string => JSON.stringify([name, definition]);
  const isOver = ({ definition }: CheckShape): boolean => namesColumn(definition, renewed);
  const wanted = new Set(source.checks.filter((check) => !isOver(check)).map(key));
  const has = new Set(target.checks.filter((check) => !isOver(check)).map(key));
  return {
    before: target.checks
      .filter((check) => !wanted.has(key(check)))
      .map(({ name }) => ({ sql: `ALTER ${table} DROP CONSTRAINT ${quoteIdent(name)};` })),
    after: source.checks
      .filter((check) => !has.has(key(check)))
      .map(({ name, definition }) => ({ sql: `ALTER ${table} ADD CONSTRAINT ${quoteIdent(name)} ${definition};` })),
  };
}

const parentChanges = (source: TableShape, target: TableShape, table: string): ChangeStatement[] => [
  ...target.parents
    .filter((parent) => !source.parents.includes(parent))
    .map((parent) => ({ sql: `ALTER ${table} NO INHERIT ${parent};` })),
  ...source.parents
    .filter((parent) => !target.parents.includes(parent))
    .map((parent) => ({ sql: `ALTER ${table} INHERIT ${parent};` })),
];

interface ColumnsChange {
  readonly statements: readonly ChangeStatement[];
  readonly warnings: readonly ScriptWarning[];
  readonly frees: readonly string[];
  readonly renews: readonly string[];
  readonly retypes: readonly string[];
}

function changeColumns(
  source: TableShape,
  target: TableShape,
  table: string,
  { name: tableName, detached }: TablePlace,
  context: ChangeContext,
): ColumnsChange {
  const isOwn = (column: ColumnShape): boolean => (column.own || detached) && source.ofType === null;
  const wanted = new Map(source.columns.map((column) => [column.name, column]));
  const has = new Map(target.columns.map((column) => [column.name, column]));
  const statements: ChangeStatement[] = [];
  const warnings: ScriptWarning[] = [];
  const frees: string[] = [];
  const renews: string[] = [];
  const retypes: string[] = [];
  for (const column of target.columns) {
    if (wanted.has(column.name) || !isOwn(column)) continue;
    frees.push(column.name);
    statements.push({ sql: `ALTER ${table} DROP COLUMN ${quoteIdent(column.name)};`, mark: 'loss' });
    warnings.push({ code: 'drop-column', name: `${tableName}.${quoteIdent(column.name)}` });
  }
  for (const column of source.columns) {
    const old = has.get(column.name);
    if (old) {
      const change = columnChanges(column, old, { table, own: isOwn(column) && isOwn(old) }, context);
      statements.push(...change.statements);
      warnings.push(...change.warnings);
      if (change.freesColumns) frees.push(column.name);
      if (change.renews) renews.push(column.name);
      if (column.type !== old.type) retypes.push(column.name);
    } else if (isOwn(column) && column.line !== null) {
      statements.push({ sql: `ALTER ${table} ADD COLUMN ${column.line};` });
      const isFilled = column.default !== null || column.identity !== '' || column.generated !== '';
      if (column.notNull && !isFilled)
        warnings.push({ code: 'not-null', name: `${tableName}.${quoteIdent(column.name)}` });
    }
  }
  return { statements, warnings, frees, renews, retypes };
}

const isPlain = (value: string): boolean => quoteIdent(value) === value || /^-?\d+(\.\d+)?$/.test(value);

function storageChanges(
  source: TableShape,
  target: TableShape,
  table: string,
  { options, targetVersion }: ChangeContext,
): ChangeStatement[] {
  const statements: ChangeStatement[] = [];
  const put = (what: string): void => void statements.push({ sql: `ALTER ${table} ${what};` });
  const nameOf = (option: string): string => option.slice(0, option.indexOf('='));
  if (!options.ignoreStorageOptions) {
    const kept = new Set(source.options.map(nameOf));
    const gone = target.options.map(nameOf).filter((name) => !kept.has(name));
    const set = source.options
      .filter((option) => !target.options.includes(option))
      .map((option) => {
        const value = option.slice(option.indexOf('=') + 1);
        return `${nameOf(option)}=${isPlain(value) ? value : quoteLiteral(value)}`;
      });
    if (gone.length > 0) put(`RESET (${gone.join(', ')})`);
    if (set.length > 0) put(`SET (${set.join(', ')})`);
  }
  if (!options.ignoreTablespaces && source.tablespace !== target.tablespace) {
    put(`SET TABLESPACE ${quoteIdent(source.tablespace ?? 'pg_default')}`);
  }
  if (source.persistence !== target.persistence) put(source.persistence === 'u' ? 'SET UNLOGGED' : 'SET LOGGED');
  if (source.accessMethod !== target.accessMethod && targetVersion >= 150000) {
    put(`SET ACCESS METHOD ${quoteIdent(source.accessMethod ?? 'heap')}`);
  }
  const foreign = optionChanges(source.foreignOptions, target.foreignOptions, {
    name: quoteIdent,
    value: quoteLiteral,
  });
  if (foreign !== '') put(foreign);
  return statements;
}
