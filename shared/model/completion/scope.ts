import type { ColumnName, DatabaseNames } from './names';
import type { Cte, Query, Source } from './query-shape';
import { isSign, namesOf, wordOf, type Item } from './sql-tree';

/** A source with its columns; null while they are not known. */
export interface Resolved {
  readonly alias: string | null;
  readonly columns: readonly ColumnName[] | null;
  /** Number of the table; 0 for anything else. */
  readonly oid: number;
}

/** One query around the cursor: the innermost comes first. */
export interface Level {
  readonly query: Query;
  /** Whether what it reads from can be seen: not from within its own FROM, but for LATERAL. */
  readonly sourcesSeen: boolean;
}

/** Expressions of WITH that can be seen, nearest first. */
export type Ctes = readonly Cte[];

const renamed = (columns: readonly ColumnName[] | null, names: readonly string[]): readonly ColumnName[] | null => {
  if (names.length === 0) return columns;
  const known = columns ?? [];
  return [...names.map((name, index) => ({ name, type: known[index]?.type ?? '' })), ...known.slice(names.length)];
};

/** The names of the last two parts: schema and name. */
export const qualified = (names: readonly string[]): { schema: string | null; name: string } => ({
  schema: names.at(-2) ?? null,
  name: names.at(-1) ?? '',
});

/** How deep queries may stand in one another: a text may be anything. */
const DEEPEST = 40;
/** More columns than a query can have. */
const MOST_COLUMNS = 2000;

/** Looks names of sources up. */
export class Resolver {
  /** Each query is read once, however often it is used. */
  private readonly outputs = new Map<Query, readonly ColumnName[] | null>();

  constructor(private readonly names: DatabaseNames) {}

  source(source: Source, ctes: Ctes, depth = 0): Resolved {
    const { alias, what, columnNames } = source;
    if (depth > DEEPEST) return { alias, columns: [], oid: 0 };
    if (what.kind === 'query') {
      return { alias, columns: renamed(this.output(what.query, ctes, depth + 1), columnNames), oid: 0 };
    }
    const { schema, name } = qualified(what.names);
    if (what.kind === 'function')
      return { alias, columns: renamed(this.functionColumns(schema, name), columnNames), oid: 0 };
    const cte = schema === null ? ctes.find((each) => each.name === name) : undefined;
    if (cte) {
      // Its own name within a recursive expression means the first part of it.
      const others = ctes.slice(ctes.indexOf(cte) + 1);
      const columns = this.output(cte.query, others, depth + 1);
      return { alias, columns: renamed(renamed(columns, cte.columnNames), columnNames), oid: 0 };
    }
    const relation = this.names.relation(schema, name);
    if (!relation) return { alias, columns: [], oid: 0 };
    return {
      alias,
      columns: renamed(this.names.detail(relation.oid)?.columns ?? null, columnNames),
      oid: relation.oid,
    };
  }

  /** Columns of what a function gives; one of its own name when it gives a plain value. */
  private functionColumns(schema: string | null, name: string): readonly ColumnName[] | null {
    const [found] = this.names.functionsOf(schema, name);
    if (!found) return [];
    const columns = this.names.resultColumns(found.oid);
    return columns?.length === 0 ? [{ name, type: found.result }] : columns;
  }

  /** The columns that a query gives. */
  output(query: Query, ctes: Ctes, depth = 0): readonly ColumnName[] | null {
    const known = this.outputs.get(query);
    if (known !== undefined) return known;
    const columns = this.readOutput(query, ctes, depth);
    const kept = columns && columns.length > MOST_COLUMNS ? columns.slice(0, MOST_COLUMNS) : columns;
    this.outputs.set(query, kept);
    return kept;
  }

  private readOutput(query: Query, ctes: Ctes, depth: number): readonly ColumnName[] | null {
    if (depth > DEEPEST) return [];
    if (query.values > 0) {
      return Array.from({ length: query.values }, (_none, index) => ({ name: `column${index + 1}`, type: '' }));
    }
    const seen = [...query.ctes.toReversed(), ...ctes];
    const sources = query.sources.map((source) => this.source(source, seen, depth + 1));
    if (wordOf(query.items[0]) === 'table') return sources[0]?.columns ?? [];
    const columns: ColumnName[] = [];
    for (const part of query.output) {
      const given = columnsOf(part, sources);
      if (given === null) return null;
      columns.push(...given);
    }
    return columns;
  }
}

const isStar = (item: Item | undefined): boolean => item?.kind === 'operator' && item.text === '*';

/** What one part of a SELECT list gives. */
function columnsOf(part: readonly Item[], sources: readonly Resolved[]): readonly ColumnName[] | null {
  const items = ['distinct', 'all'].includes(wordOf(part[0])) ? part.slice(1) : part;
  const last = items.at(-1);
  if (isStar(last)) {
    const of = isSign(items.at(-2), '.') ? namesOf(items.at(-3))?.at(-1) : undefined;
    const wanted = of === undefined ? sources : sources.filter(({ alias }) => alias === of);
    if (wanted.some(({ columns }) => columns === null)) return null;
    return wanted.flatMap(({ columns }) => columns ?? []);
  }
  const names = namesOf(last);
  if (items.length === 1 && names !== null) {
    const name = names.at(-1) ?? '';
    const of = names.length > 1 ? names.at(-2) : undefined;
    const known = sources
      .filter(({ alias }) => of === undefined || alias === of)
      .flatMap(({ columns }) => columns ?? [])
      .find((column) => column.name === name);
    return [{ name, type: known?.type ?? '' }];
  }
  const before = items.at(-2);
  const cast = before?.kind === 'operator' && before.text === '::';
  if (names !== null && last?.kind !== 'path' && !cast && wordOf(last) !== 'end' && before?.kind !== 'operator') {
    return [{ name: names[0] ?? '', type: '' }];
  }
  // Without a name of its own: that of the function or of the column that was cast.
  const first = namesOf(items[0]);
  if (wordOf(items[0]) === 'case') return [{ name: 'case', type: '' }];
  if (first !== null && (cast || (items.length === 2 && last?.kind === 'group')))
    return [{ name: first.at(-1) ?? '', type: '' }];
  return [];
}

/** Sources that can be seen from the cursor, nearest first. */
export function sourcesInScope(levels: readonly Level[], ctes: Ctes, resolver: Resolver): readonly Resolved[] {
  return levels.flatMap(({ query, sourcesSeen }) =>
    sourcesSeen ? query.sources.map((source) => resolver.source(source, ctes)) : [],
  );
}
