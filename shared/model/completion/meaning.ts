import type { NameMeaning } from '../completion';
import { identifierOf, sqlTokens, type SqlToken } from '../sql-tokens';
import { placeInBody } from './body';
import type { ColumnName, DatabaseNames } from './names';
import { clauseAt, type Place } from './place';
import type { Source } from './query-shape';
import { qualified, Resolver, type Ctes } from './scope';
import { treeOf, type Cursor, type Item } from './sql-tree';
import { bodyRange, placeIn, rowTables } from './statement-place';
import { variablesAt } from './variables';

const NOWHERE: Place = { levels: [], ctes: [], spots: [], naming: false };
/** Clauses whose names are relations and aliases, never columns. */
const NAMING = new Set(['from', 'join', 'into', 'update', 'using', 'table', 'merge', 'delete', 'insert']);

const meaning = (path: readonly string[] | null, columns: readonly ColumnName[]): NameMeaning => ({
  path,
  lines: [],
  columns,
});

const columnMeaning = (relation: readonly string[] | null, { name, type }: ColumnName): NameMeaning => ({
  path: relation && [...relation, name],
  lines: [type === '' ? name : `${name} ${type}`],
  columns: [],
});

/** A name and where it stands among the pieces. */
interface Written {
  /** Its parts up to the one that is meant. */
  readonly path: readonly string[];
  /** Index of the last piece that dots join to it. */
  readonly last: number;
  /** More parts follow. */
  readonly goesOn: boolean;
  readonly called: boolean;
}

function writtenAt(tokens: readonly SqlToken[], at: number): Written | null {
  const here = tokens.findIndex((token) => token.start <= at && at <= token.end && identifierOf(token) !== null);
  const name = identifierOf(tokens[here]);
  if (name === null) return null;
  const path = [name];
  for (let first = here; tokens[first - 1]?.text === '.'; first -= 2) {
    const before = identifierOf(tokens[first - 2]);
    if (before === null) break;
    path.unshift(before);
  }
  let last = here;
  while (tokens[last + 1]?.text === '.' && identifierOf(tokens[last + 2]) !== null) last += 2;
  return { path, last, goesOn: last > here, called: last === here && tokens[here + 1]?.text === '(' };
}

/** Looks one name up. */
class Meaning {
  private readonly resolver: Resolver;
  private readonly sources: readonly { readonly source: Source; readonly ctes: Ctes }[];

  constructor(
    private readonly names: DatabaseNames,
    private readonly place: Place,
  ) {
    this.resolver = new Resolver(names);
    this.sources = place.levels
      .filter(({ sourcesSeen }) => sourcesSeen)
      .flatMap(({ query }) => query.sources.map((source) => ({ source, ctes: place.ctes })));
  }

  /** What an alias in scope stands for. */
  alias(name: string): NameMeaning | null {
    const found = this.sources.find(({ source }) => source.alias === name);
    return found ? meaning(this.pathOf(found.source), this.columnsOf(found.source)) : null;
  }

  /** A column of an alias. Null when there is no such alias; undefined when it has no such column. */
  columnOf(alias: string, name: string): NameMeaning | null | undefined {
    const found = this.sources.find(({ source }) => source.alias === alias);
    if (!found) return null;
    const column = this.columnsOf(found.source).find((each) => each.name === name);
    return column && columnMeaning(this.relationOf(found.source), column);
  }

  /** A column of whatever is read from, the nearest first. */
  column(name: string): NameMeaning | null {
    for (const { source } of this.sources) {
      const column = this.columnsOf(source).find((each) => each.name === name);
      if (column) return columnMeaning(this.relationOf(source), column);
    }
    return null;
  }

  cte(name: string): NameMeaning | null {
    const { ctes, levels } = this.place;
    const found = [...ctes, ...levels.flatMap(({ query }) => query.ctes)].find((each) => each.name === name);
    if (!found) return null;
    const what = { kind: 'relation', names: [name] } as const;
    const seen = ctes.includes(found) ? ctes : [found, ...ctes];
    return meaning(null, this.resolver.source({ alias: name, columnNames: [], what }, seen).columns ?? []);
  }

  relation(path: readonly string[]): NameMeaning | null {
    const { schema, name } = qualified(path);
    const found = this.names.relation(schema, name);
    return found && meaning([found.schema, found.name], this.names.detail(found.oid)?.columns ?? []);
  }

  routine(path: readonly string[]): NameMeaning | null {
    const { schema, name } = qualified(path);
    const forms = this.names.functionsOf(schema, name);
    const [first] = forms;
    if (!first) return null;
    const lines = forms.map((each) => `${each.name}(${each.args})${each.result === '' ? '' : ` → ${each.result}`}`);
    return { path: [first.schema, first.name], lines, columns: [] };
  }

  /** A column of a row that NEW or OLD is. */
  rowColumn(oids: readonly number[], name: string): NameMeaning | null {
    for (const oid of oids) {
      const column = this.names.detail(oid)?.columns.find((each) => each.name === name);
      const relation = this.names.relationOf(oid);
      if (column) return columnMeaning(relation && [relation.schema, relation.name], column);
    }
    return null;
  }

  private columnsOf(source: Source): readonly ColumnName[] {
    return this.resolver.source(source, this.place.ctes).columns ?? [];
  }

  /** Schema and name of the relation that a source is; null for anything else. */
  private relationOf({ what }: Source): readonly string[] | null {
    if (what.kind !== 'relation') return null;
    const { schema, name } = qualified(what.names);
    if (schema === null && this.place.ctes.some((each) => each.name === name)) return null;
    const found = this.names.relation(schema, name);
    return found && [found.schema, found.name];
  }

  private pathOf(source: Source): readonly string[] | null {
    return source.what.kind === 'function' ? (this.routine(source.what.names)?.path ?? null) : this.relationOf(source);
  }
}

/** What the name at an offset of one statement means, by the names that are known; null when that isn't known. */
export const meaningAt = (text: string, offset: number, names: DatabaseNames): NameMeaning | null =>
  meaningIn(text, offset, names, []);

function meaningIn(text: string, at: number, names: DatabaseNames, outer: readonly Item[]): NameMeaning | null {
  const tokens = sqlTokens(text).filter(({ kind }) => kind !== 'comment');
  const body = tokens.find(
    (token) => token.kind === 'body' && bodyRange(token).start <= at && at <= bodyRange(token).end,
  );
  if (body && outer.length === 0) {
    const { start, end } = bodyRange(body);
    return meaningIn(text.slice(start, end), at - start, names, treeOf(tokens));
  }
  const written = writtenAt(tokens, at);
  if (!written) return null;
  // The cursor behind the whole name leaves the name where it is: aliases stay those that they are.
  const end = tokens[written.last]?.end ?? at;
  const cursor: Cursor = { kind: 'cursor', path: [], start: end, end };
  const items = treeOf([...tokens.slice(0, written.last + 1), cursor, ...tokens.slice(written.last + 1)]);
  return lookUp(written, items, names, outer);
}

function lookUp(
  { path, goesOn, called }: Written,
  items: readonly Item[],
  names: DatabaseNames,
  outer: readonly Item[],
): NameMeaning | null {
  const inBody = outer.length > 0 ? placeInBody(items) : null;
  const place = inBody === null ? placeIn(items) : inBody.kind === 'query' ? inBody.place : NOWHERE;
  // What WITH names is known to the statement only.
  if (place.naming) return meaning(null, []);
  const finder = new Meaning(names, place);
  const [first = '', second = ''] = path;
  if (called) return finder.routine(path) ?? finder.relation(path);
  if (path.length === 2) {
    const rows = first === 'new' || first === 'old' ? rowTables(names, outer.length > 0 ? outer : items) : [];
    const row = finder.rowColumn(rows, second);
    if (row) return row;
    const column = finder.columnOf(first, second);
    if (column !== null) return column ?? null;
  }
  if (path.length === 1) {
    const spot = place.spots.at(-1);
    const naming =
      place.spots.length === 1 && spot !== undefined && NAMING.has(clauseAt(spot.items, spot.index).clause);
    const variable = outer.length > 0 ? variablesAt(outer, items).find(({ name }) => name === first) : undefined;
    const own = (goesOn || naming ? null : finder.column(first)) ?? finder.alias(first) ?? finder.cte(first);
    if (own) return own;
    if (variable)
      return { path: null, lines: [`${variable.written ?? variable.name} ${variable.type}`.trim()], columns: [] };
  }
  return finder.relation(path) ?? finder.routine(path);
}
