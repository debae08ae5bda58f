import { quoteIdent, quoteQualified } from '../../../../../shared/model/quote';
import { isName, sqlTokens } from '../../structure/sql-tokens';
import type { TableRoute } from '../follow-model';
import type { IdentityColumn } from '../identity-columns';
import type { EnumDetail } from './ddl-event';
import type { SchemaNames } from './schema-names';

/** What a change of the structure means for the receiving side. */
export interface DdlPlan {
  /** In their order; names are written out with their schemas. */
  readonly statements: string[];
  /** Why a person has to decide; nothing: it is safe. */
  readonly problems: string[];
  /** Routes that change with it; null: the table is gone. */
  readonly routes: Map<number, TableRoute | null>;
  /** New tables whose rows are to be followed. */
  readonly joined: JoinedTable[];
  /** Rows of these cannot be made as they are on the source by statements: they can be copied again. */
  readonly recopied: Set<number>;
  /** Values that are added to enumerations, which no transaction may do and use at once. */
  readonly enums: EnumDetail[];
  /** Identity columns that are ALWAYS on the source, and are not while rows come with their values. */
  readonly always: IdentityColumn[];
  /** What a person reads in the log though nothing stops. */
  readonly notes: string[];
}

export interface JoinedTable {
  readonly oid: number;
  /** It got its rows when it was made. */
  readonly filled: boolean;
  readonly route: TableRoute;
}

/** What is known when a change comes. */
export interface DdlWorld {
  readonly routes: ReadonlyMap<number, TableRoute>;
  readonly names: SchemaNames;
  /** Triggers and foreign keys of the receiving side do not see what we write. */
  readonly triggersOff: boolean;
  /** The command at hand has written a table anew. */
  readonly rewritten: boolean;
}

export const newPlan = (): DdlPlan => ({
  statements: [],
  problems: [],
  routes: new Map(),
  joined: [],
  recopied: new Set(),
  enums: [],
  always: [],
  notes: [],
});

export interface TargetName {
  readonly schema: string;
  readonly name: string;
}

/** Where a table is on the receiving side; undefined: it is not of the task. */
export function targetOf(world: DdlWorld, oid: number, schema: string, name: string): TargetName | undefined {
  const route = world.routes.get(oid);
  if (route) return route;
  const mapped = world.names.schema(schema);
  return mapped === undefined || !world.names.joins(schema) ? undefined : { schema: mapped, name };
}

/** Whether an object that is no table is of the task. */
export const isOfTask = ({ names }: DdlWorld, schema: string | null): boolean =>
  schema !== null && names.joins(schema) && names.schema(schema) !== undefined;

export const qualified = ({ schema, name }: TargetName): string => quoteQualified(schema, name);

/** Whether SQL speaks of something that has another name on the receiving side. */
export const mentionsChanged = (sql: string, { changed }: SchemaNames): boolean =>
  changed.size > 0 &&
  sqlTokens(sql).some((token) =>
    token.kind === 'string'
      ? sqlTokens(token.value).some((inner) => isName(inner) && changed.has(inner.value))
      : isName(token) && changed.has(token.value),
  );

/** Adds a statement that the source's server has written; with a problem when it speaks of something that is called otherwise there. */
export function addWritten(plan: DdlPlan, world: DdlWorld, sql: string): void {
  plan.statements.push(sql);
  if (mentionsChanged(sql, world.names)) plan.problems.push('it names something that has another name on the target');
}

/** ` WITH (…)` of options as the catalog keeps them, each `name=value`. */
export function withOptions(options: readonly string[] | null): string {
  if (!options || options.length === 0) return '';
  const parts = options.map((option) => {
    const at = option.indexOf('=');
    const value = option.slice(at + 1).replaceAll("'", "''");
    const [head = '', tail] = option.slice(0, at).split('.');
    return `${tail === undefined ? quoteIdent(head) : `${quoteIdent(head)}.${quoteIdent(tail)}`}='${value}'`;
  });
  return ` WITH (${parts.join(', ')})`;
}
