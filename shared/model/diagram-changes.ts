import {
  grouped,
  type Diagram,
  type DiagramColumn,
  type DiagramKey,
  type DiagramRelation,
  type DiagramTable,
} from './diagram';
import { columnSql, commentsSql, createTableSql, dependencyOrder, keySql, relationSql, tableName } from './diagram-sql';
import { quoteIdent, quoteLiteral } from './quote';

/** What changed in a diagram since it was read, as statements. Things are the same when their ids are; a new id is a new thing. */

/** A change that takes data away: what the window marks. */
export interface DiagramChange {
  readonly sql: string;
  readonly drops: boolean;
}

const keep = (sql: string): DiagramChange => ({ sql, drops: false });
const drop = (sql: string): DiagramChange => ({ sql, drops: true });
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const byId = <T extends { readonly id: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map((item) => [item.id, item]));

interface Renaming {
  readonly was: string;
  readonly is: string;
}

/** Renames in an order that never meets a name that is still taken; those that swap names go over one that nothing has. */
function renameSql(renamings: readonly Renaming[], rename: (was: string, is: string) => string): DiagramChange[] {
  const taken = new Set(renamings.map(({ was }) => was));
  const detours: Renaming[] = [];
  const first: DiagramChange[] = [];
  for (const [index, { was, is }] of renamings.entries()) {
    if (taken.has(is)) {
      const aside = `howdah renames ${index}`;
      first.push(keep(rename(was, aside)));
      detours.push({ was: aside, is });
    } else first.push(keep(rename(was, is)));
  }
  return [...first, ...detours.map(({ was, is }) => keep(rename(was, is)))];
}

/** Columns of a key by name: what makes it another key for the server. */
const keyChanged = (before: DiagramKey, after: DiagramKey, anew: ReadonlySet<string>): boolean =>
  !same(before.columns, after.columns) || after.columns.some((id) => anew.has(id));

function keysOf(table: DiagramTable): readonly { readonly key: DiagramKey; readonly primary: boolean }[] {
  const uniques = table.uniques.map((key) => ({ key, primary: false }));
  return table.primaryKey ? [{ key: table.primaryKey, primary: true }, ...uniques] : uniques;
}

function columnChanges(on: string, before: DiagramColumn, after: DiagramColumn): DiagramChange[] {
  const alter = `ALTER TABLE ${on} ALTER COLUMN ${quoteIdent(after.name)}`;
  const changes: DiagramChange[] = [];
  const wasIdentity = before.source.startsWith('identity');
  const isIdentity = after.source.startsWith('identity');
  const sourceChanged = before.source !== after.source;
  if (wasIdentity && !isIdentity) changes.push(keep(`${alter} DROP IDENTITY;`));
  // A default of the old type may not be one of the new.
  const hadDefault = before.default !== '' && (before.source === '' || before.source === 'serial');
  const defaultChanged = before.default !== after.default || sourceChanged;
  const typeChanged = before.type !== after.type;
  if (hadDefault && (defaultChanged || typeChanged)) changes.push(keep(`${alter} DROP DEFAULT;`));
  if (before.source === 'stored' && after.source !== 'stored') changes.push(keep(`${alter} DROP EXPRESSION;`));
  if (typeChanged) {
    const type = after.type.includes('--') ? `${after.type}\n` : after.type;
    changes.push(keep(`${alter} TYPE ${type} USING ${quoteIdent(after.name)}::${type};`));
  }
  if (after.source === '' && after.default !== '' && (defaultChanged || typeChanged)) {
    changes.push(keep(`${alter} SET DEFAULT ${after.default.includes('--') ? `${after.default}\n` : after.default};`));
  }
  if (before.notNull !== after.notNull) changes.push(keep(`${alter} ${after.notNull ? 'SET' : 'DROP'} NOT NULL;`));
  const how = after.source === 'identity-always' ? 'ALWAYS' : 'BY DEFAULT';
  if (!wasIdentity && isIdentity) changes.push(keep(`${alter} ADD GENERATED ${how} AS IDENTITY;`));
  else if (wasIdentity && isIdentity && sourceChanged) changes.push(keep(`${alter} SET GENERATED ${how};`));
  return changes;
}

/** A generated column's expression can't be altered in every version, nor can a column become generated: it is made anew. */
const madeAnew = (before: DiagramColumn, after: DiagramColumn): boolean => {
  const generated = ({ source }: DiagramColumn): boolean => source === 'stored' || source === 'virtual';
  if (!generated(before) && !generated(after)) return false;
  if (before.source === 'stored' && !generated(after)) return false;
  return before.source !== after.source || before.default !== after.default || before.type !== after.type;
};

interface Pair {
  readonly before: DiagramTable;
  readonly after: DiagramTable;
}

/** Ids of the columns that are made anew: their keys, relations and comments go with the old ones. */
const columnsAnew = (pairs: readonly Pair[]): ReadonlySet<string> =>
  new Set(
    pairs.flatMap(({ before, after }) => {
      const was = byId(before.columns);
      return after.columns.flatMap((column) => {
        const old = was.get(column.id);
        return old && madeAnew(old, column) ? [column.id] : [];
      });
    }),
  );

function bodyChanges(
  { before, after }: Pair,
  anew: ReadonlySet<string>,
): {
  readonly columns: DiagramChange[];
  readonly comments: DiagramChange[];
} {
  const on = tableName(after);
  const was = byId(before.columns);
  const is = byId(after.columns);
  const gone = before.columns.filter(({ id }) => !is.has(id));
  const stayed = after.columns.flatMap((column) => {
    const old = was.get(column.id);
    return old ? [{ old, column }] : [];
  });
  const renamed = stayed.filter(({ old, column }) => old.name !== column.name);
  const columns = [
    ...gone.map(({ name }) => drop(`ALTER TABLE ${on} DROP COLUMN ${quoteIdent(name)};`)),
    ...renameSql(
      renamed.map(({ old, column }) => ({ was: old.name, is: column.name })),
      (from, to) => `ALTER TABLE ${on} RENAME COLUMN ${quoteIdent(from)} TO ${quoteIdent(to)};`,
    ),
    ...stayed.flatMap(({ old, column }) =>
      anew.has(column.id)
        ? [
            drop(`ALTER TABLE ${on} DROP COLUMN ${quoteIdent(column.name)};`),
            keep(`ALTER TABLE ${on} ADD COLUMN ${columnSql(column)};`),
          ]
        : columnChanges(on, old, column),
    ),
    ...after.columns
      .filter(({ id }) => !was.has(id))
      .map((column) => keep(`ALTER TABLE ${on} ADD COLUMN ${columnSql(column)};`)),
  ];
  const comments = [
    ...(before.comment === after.comment
      ? []
      : [keep(`COMMENT ON TABLE ${on} IS ${after.comment === '' ? 'NULL' : quoteLiteral(after.comment)};`)]),
    ...after.columns
      .filter(({ id, comment }) => (anew.has(id) ? '' : (was.get(id)?.comment ?? '')) !== comment)
      .map(({ name, comment }) =>
        keep(`COMMENT ON COLUMN ${on}.${quoteIdent(name)} IS ${comment === '' ? 'NULL' : quoteLiteral(comment)};`),
      ),
  ];
  return { columns, comments };
}

/** A name in its schema that was changed: renamed where it stands, then moved. */
function tableRenames(pairs: readonly Pair[]): DiagramChange[] {
  const changes: DiagramChange[] = [];
  const bySchema = grouped(
    pairs.filter(({ before, after }) => before.name !== after.name),
    ({ before }) => before.schema,
  );
  for (const [schema, renamed] of bySchema) {
    changes.push(
      ...renameSql(
        renamed.map(({ before, after }) => ({ was: before.name, is: after.name })),
        (was, is) => `ALTER TABLE ${tableName({ schema, name: was })} RENAME TO ${quoteIdent(is)};`,
      ),
    );
  }
  for (const { before, after } of pairs) {
    if (before.schema === after.schema) continue;
    const there = tableName({ schema: before.schema, name: after.name });
    changes.push(keep(`ALTER TABLE ${there} SET SCHEMA ${quoteIdent(after.schema)};`));
  }
  return changes;
}

/** Whether the foreign key must be made anew. */
const relationChanged = (before: DiagramRelation, after: DiagramRelation, anew: ReadonlySet<string>): boolean =>
  !same(before, after) || after.pairs.some(({ from, to }) => anew.has(from) || anew.has(to));

/** Changes since the diagram was read, in an order that works: keys go first, come back last. Empty when nothing changed or nothing was read. */
export function changesOf(diagram: Diagram): DiagramChange[] {
  const { baseline } = diagram;
  if (!baseline) return [];
  const oldTables = byId(baseline.tables);
  const newTables = byId(diagram.tables);
  const newRelations = byId(diagram.relations);
  const oldRelations = byId(baseline.relations);
  const pairs = diagram.tables.flatMap((after) => {
    const before = oldTables.get(after.id);
    return before ? [{ before, after }] : [];
  });
  const anew = columnsAnew(pairs);
  const goneTables = baseline.tables.filter(({ id }) => !newTables.has(id));
  const goneRelations = baseline.relations.filter((relation) => {
    const now = newRelations.get(relation.id);
    return !now || relationChanged(relation, now, anew);
  });
  const added = diagram.relations.filter((relation) => {
    const before = oldRelations.get(relation.id);
    return !before || relationChanged(before, relation, anew);
  });
  const fresh = { tables: diagram.tables.filter(({ id }) => !oldTables.has(id)), relations: diagram.relations };

  const dropKeys: DiagramChange[] = [];
  const addKeys: DiagramChange[] = [];
  for (const { before, after } of pairs) {
    const is = new Map(keysOf(after).map((each) => [each.key.id, each]));
    const was = new Map(keysOf(before).map((each) => [each.key.id, each]));
    for (const { key, primary } of was.values()) {
      const now = is.get(key.id);
      if (!now || now.primary !== primary || keyChanged(key, now.key, anew)) {
        dropKeys.push(keep(`ALTER TABLE ${tableName(before)} DROP CONSTRAINT ${quoteIdent(key.name)};`));
      } else if (now.key.name !== key.name && now.key.name !== '') {
        addKeys.push(
          keep(
            `ALTER TABLE ${tableName(after)} RENAME CONSTRAINT ${quoteIdent(key.name)} TO ${quoteIdent(now.key.name)};`,
          ),
        );
      }
    }
    for (const { key, primary } of is.values()) {
      const old = was.get(key.id);
      if (!old || old.primary !== primary || keyChanged(old.key, key, anew)) {
        addKeys.push(keep(`ALTER TABLE ${tableName(after)} ADD ${keySql(after, key, primary)};`));
      }
    }
  }
  const bodies = pairs.map((pair) => bodyChanges(pair, anew));
  const oldSchemas = new Set(baseline.tables.map(({ schema }) => schema));
  const schemas = [...new Set(diagram.tables.map(({ schema }) => schema))].filter(
    (schema) => schema !== '' && schema !== 'public' && !oldSchemas.has(schema),
  );
  return [
    ...schemas.sort().map((schema) => keep(`CREATE SCHEMA IF NOT EXISTS ${quoteIdent(schema)};`)),
    ...goneRelations.flatMap((relation) => {
      const from = oldTables.get(relation.from);
      return from ? [keep(`ALTER TABLE ${tableName(from)} DROP CONSTRAINT ${quoteIdent(relation.name)};`)] : [];
    }),
    ...dropKeys,
    ...goneTables.map((table) => drop(`DROP TABLE ${tableName(table)};`)),
    ...tableRenames(pairs),
    ...bodies.flatMap(({ columns }) => columns),
    ...dependencyOrder(fresh).map((table) => keep(createTableSql(table))),
    ...addKeys,
    ...added.flatMap((relation) => {
      const sql = relationSql(newTables, relation);
      return sql === null ? [] : [keep(sql)];
    }),
    ...bodies.flatMap(({ comments }) => comments),
    ...fresh.tables.flatMap(commentsSql).map(keep),
  ];
}

/** The changes as a script; what takes data away has `mark` as a comment above it. Empty when nothing changed. */
export function changeSql(diagram: Diagram, mark: string): string {
  const line = `-- ${mark.replaceAll(/[\r\n]+/g, ' ')}\n`;
  return changesOf(diagram)
    .map(({ sql, drops }) => `${drops ? line : ''}${sql}\n`)
    .join('');
}
