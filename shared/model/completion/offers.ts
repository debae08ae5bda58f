import type { CompletionItem, CompletionKind } from '../completion';
import { quoteIdent } from '../quote';
import type { Expected, Want } from './expression';
import { TYPE_WORDS } from './keywords';
import { fit } from './match';
import { isSystem } from './name-table';
import type { ColumnName, DatabaseNames, FunctionName, RelationName } from './names';
import type { Cte } from './query-shape';
import { qualified, type Resolved } from './scope';
import type { Variable } from './variables';

export interface OffersOptions {
  readonly names: DatabaseNames;
  /** How many are listed. */
  readonly limit: number;
  /** What is written so far, in lower case. */
  readonly word: string;
  /** A quote was opened. */
  readonly quoted: boolean;
  /** What stands before a dot. */
  readonly path: readonly string[];
  readonly ctes: readonly Cte[];
  readonly sources: readonly Resolved[];
  /** Tables whose rows NEW and OLD are. */
  readonly rows: readonly number[];
  /** Of the function around the cursor, innermost first. */
  readonly variables: readonly Variable[];
  /** The columns of a variable that is a row; null while they are not known. */
  columnsOf(variable: Variable): readonly ColumnName[] | null;
}

/** Kinds that fit equally well are told in this order: smaller is earlier. */
const WEIGHT: Readonly<Record<CompletionKind, number>> = {
  join: 0,
  snippet: 1,
  column: 1,
  alias: 2,
  cte: 2,
  variable: 2,
  table: 3,
  view: 3,
  setting: 3,
  role: 3,
  database: 3,
  type: 4,
  schema: 5,
  keyword: 6,
  function: 7,
};

/** Collects what fits, each once. */
export class Offers {
  private readonly found = new Map<string, CompletionItem>();
  private readonly limit: number;
  private cut = false;

  constructor(private readonly of: OffersOptions) {
    this.limit = of.limit;
  }

  add(expected: Expected): void {
    const { path, quoted } = this.of;
    if (path.length > 0) {
      this.addBehindDot(expected);
      return;
    }
    for (const want of expected.wants) this.addWanted(want, expected);
    if (quoted) return;
    for (const word of expected.keywords) this.offer('keyword', word, word, '');
  }

  /** The best of them, and whether there were more. */
  best(): { items: readonly CompletionItem[]; more: boolean } {
    const items = [...this.found.values()].toSorted((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : 1));
    return { items: items.slice(0, this.limit), more: this.cut || items.length > this.limit };
  }

  private offer(kind: CompletionKind, label: string, insert: string, detail: string, bonus = 0): void {
    const how = fit(this.of.word, label);
    if (how < 0) return;
    const key = `${kind} ${insert}`;
    if (this.found.has(key)) return;
    this.found.set(key, { kind, label, insert, detail, rank: how * 20 + WEIGHT[kind] * 2 + bonus });
  }

  private name(name: string): string {
    return this.of.quoted ? `"${name.replaceAll('"', '""')}"` : quoteIdent(name);
  }

  private addWanted(want: Want, expected: Expected): void {
    const { names } = this.of;
    switch (want) {
      case 'columns':
        if (expected.columnsOf) return this.addColumnsOf(expected.columnsOf, expected.allColumns === true);
        this.addScope();
        return this.addVariables();
      case 'variables':
        return this.addVariables();
      case 'relations':
        for (const cte of this.of.ctes) this.offer('cte', cte.name, this.name(cte.name), '');
        this.addRelations(null);
        return;
      case 'joins':
        this.addJoins();
        return;
      case 'functions':
        this.addFunctions(null, 'values');
        return;
      case 'row-functions':
        this.addFunctions(null, 'rows');
        return;
      case 'procedures':
        this.addFunctions(null, 'procedures');
        return;
      case 'types':
        this.addTypes(null);
        return;
      case 'schemas':
        return this.addAll('schema', names.schemas);
      case 'roles':
        return this.addAll('role', names.roles);
      case 'databases':
        return this.addAll('database', names.databases);
      case 'settings':
        for (const each of names.settings) this.offer('setting', each, each, '');
    }
  }

  private addVariables(): void {
    for (const { name, written, type } of this.of.variables) {
      if (written === null) this.offer('variable', name, this.name(name), type);
      else if (!this.of.quoted) this.offer('variable', written, written, type);
    }
  }

  private addAll(kind: CompletionKind, all: readonly string[]): void {
    for (const each of all) this.offer(kind, each, this.name(each), '', each.startsWith('pg_') ? 1 : 0);
  }

  private addColumn(column: ColumnName, bonus = 0): void {
    this.offer('column', column.name, this.name(column.name), column.type, bonus);
  }

  /** Columns and aliases of what is read from; a name that two of them have is written with its alias. */
  private addScope(): void {
    const { sources, quoted } = this.of;
    const count = new Map<string, number>();
    for (const { columns } of sources)
      for (const { name } of columns ?? []) count.set(name, (count.get(name) ?? 0) + 1);
    for (const [index, { alias, columns }] of sources.entries()) {
      for (const column of columns ?? []) {
        const twice = (count.get(column.name) ?? 0) > 1 && alias !== null && !quoted;
        const insert = twice ? `${quoteIdent(alias)}.${quoteIdent(column.name)}` : this.name(column.name);
        this.offer(
          'column',
          column.name,
          insert,
          twice ? `${alias}: ${column.type}` : column.type,
          Math.min(index, 1) / 2,
        );
      }
      if (alias !== null) this.offer('alias', alias, this.name(alias), '');
    }
  }

  private addColumnsOf(path: readonly string[], all: boolean): void {
    const { schema, name } = qualified(path);
    const relation = this.of.names.relation(schema, name);
    const columns = relation ? (this.of.names.detail(relation.oid)?.columns ?? []) : [];
    for (const [index, column] of columns.entries()) this.addColumn(column, index / (columns.length + 1));
    if (!all || columns.length < 2 || this.of.quoted || this.of.word !== '') return;
    const list = columns.map((column) => quoteIdent(column.name)).join(', ');
    this.offer('column', list.length > 60 ? `${list.slice(0, 60)}…` : list, list, '', -1);
  }

  private addRelations(schema: string | null): void {
    const { names, word } = this.of;
    const found = names.relations({ word, schema, limit: this.limit });
    if (found.length >= this.limit) this.cut = true;
    for (const each of found) this.addRelation(each, schema !== null);
  }

  private addRelation(relation: RelationName, bare: boolean): void {
    const visible = bare || this.visible(relation);
    const insert = visible ? this.name(relation.name) : `${quoteIdent(relation.schema)}.${this.name(relation.name)}`;
    const system = isSystem(relation.schema) ? 12 : 0;
    this.offer(relation.kind, relation.name, insert, relation.schema, (visible ? 0 : 1) + (bare ? 0 : system));
  }

  /** Whether the name alone means it. */
  private visible(relation: RelationName): boolean {
    const meant = this.of.names.relation(null, relation.name);
    return meant?.oid === relation.oid && this.of.names.path.includes(relation.schema);
  }

  private addFunctions(schema: string | null, which: 'values' | 'rows' | 'procedures'): void {
    const { names, word } = this.of;
    const found = names.functions({ word, schema, limit: this.limit });
    if (found.length >= this.limit) this.cut = true;
    for (const each of found) {
      const fits = which === 'rows' ? /^(?:SETOF|TABLE|record)/.test(each.result) : true;
      if (fits && (each.kind === 'procedure') === (which === 'procedures')) this.addFunction(each, schema !== null);
    }
  }

  private addFunction(each: FunctionName, bare: boolean): void {
    // What implements types and operators is seldom called by its name.
    if (/\b(?:internal|cstring)\b/.test(`${each.args} ${each.result}`)) return;
    const visible = bare || this.of.names.path.includes(each.schema);
    const insert = visible ? this.name(each.name) : `${quoteIdent(each.schema)}.${this.name(each.name)}`;
    const result = each.result === '' ? '' : ` → ${each.result}`;
    const system = isSystem(each.schema) ? 2 : 0;
    this.offer('function', each.name, `${insert}(`, `(${each.args})${result}`, system);
  }

  private addTypes(schema: string | null): void {
    const { names, word, quoted } = this.of;
    if (schema === null && !quoted) for (const each of TYPE_WORDS) this.offer('type', each, each, '', -1);
    for (const each of names.types({ word, schema, limit: this.limit })) {
      const visible = schema !== null || names.path.includes(each.schema);
      const insert = visible ? this.name(each.name) : `${quoteIdent(each.schema)}.${this.name(each.name)}`;
      this.offer('type', each.name, insert, each.schema, each.schema === 'pg_catalog' ? 1 : 0);
    }
  }

  /** What fits behind `alias.`, `schema.`, `table.` or `schema.table.`. */
  private addBehindDot(expected: Expected): void {
    const { path, names, sources, rows, ctes } = this.of;
    const last = path.at(-1) ?? '';
    const wants = (want: Want): boolean => expected.wants.includes(want);
    if (path.length === 1) {
      if (['new', 'old', 'excluded'].includes(last)) {
        const oids = last === 'excluded' ? sources.map(({ oid }) => oid).slice(0, 1) : rows;
        for (const oid of oids) for (const column of names.detail(oid)?.columns ?? []) this.addColumn(column);
      }
      const variable = this.of.variables.find(({ name, row }) => name === last && row !== null);
      const aliased =
        sources.find(({ alias }) => alias === last) ?? (variable && { columns: this.of.columnsOf(variable) });
      if (aliased && !wants('relations')) {
        const columns = aliased.columns ?? [];
        for (const [index, column] of columns.entries()) this.addColumn(column, index / (columns.length + 1));
        return;
      }
      if (wants('relations')) this.addRelations(last);
      if (wants('functions') || wants('columns')) this.addFunctions(last, 'values');
      if (wants('row-functions')) this.addFunctions(last, 'rows');
      if (wants('procedures')) this.addFunctions(last, 'procedures');
      if (wants('types')) this.addTypes(last);
      if (names.schemas.includes(last) && wants('columns')) this.addRelations(last);
    }
    if (ctes.some(({ name }) => name === last) && path.length === 1) return;
    if (wants('columns') || path.length > 1) {
      const { schema, name } = qualified(path);
      const relation = names.relation(schema, name);
      for (const column of relation ? (names.detail(relation.oid)?.columns ?? []) : []) this.addColumn(column);
    }
  }

  /** Tables that foreign keys join with what is read from, with their condition. */
  private addJoins(): void {
    const { names, sources, ctes, quoted } = this.of;
    if (quoted) return;
    const taken = new Set(sources.map(({ alias }) => alias));
    for (const { oid, alias } of sources) {
      if (oid === 0 || alias === null) continue;
      for (const { other, own, others } of names.detail(oid)?.keys ?? []) {
        const hidden = ctes.some(({ name }) => name === other.name) || !this.visible(other);
        const table = hidden ? `${quoteIdent(other.schema)}.${quoteIdent(other.name)}` : quoteIdent(other.name);
        const called = taken.has(other.name) ? freeAlias(other.name, taken) : null;
        const short = quoteIdent(called ?? other.name);
        const parts = own.map(
          (column, index) => `${short}.${quoteIdent(others[index] ?? '')} = ${quoteIdent(alias)}.${quoteIdent(column)}`,
        );
        const text = `${table}${called === null ? '' : ` ${short}`} ON ${parts.join(' AND ')}`;
        this.offer('join', text, text, other.schema);
      }
    }
  }
}

/** An alias that isn't taken: `orders2`. */
function freeAlias(name: string, taken: ReadonlySet<string | null>): string {
  let number = 2;
  while (taken.has(`${name}${number}`)) number += 1;
  return `${name}${number}`;
}
