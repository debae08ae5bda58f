import type { PgSession } from '../../electron/adapters/postgres/session';
import { objectDdl } from '../../electron/features/catalog/ddl/object-ddl';
import type { Piece } from '../../electron/features/catalog/ddl/piece';
import type { ObjectRef } from '../../shared/model/catalog';
import { splitSql } from '../../shared/model/sql-split';

const signal = new AbortController().signal;

const statementsOf = (sql: string): string[] => {
  const { statements, refused } = splitSql(sql);
  if (refused) throw new Error(`can't be split at ${refused.start}`);
  return statements.map(({ first, end }) => sql.slice(first, end));
};

/** A CREATE that a script of the whole database says otherwise: checks and defaults stand apart there, and views are filled at its end. */
const head = (statement: string): string =>
  /^CREATE [A-Z ]+ (?:"(?:[^"]|"")*"|[^\s("])+/.exec(statement)?.[0] ?? statement;

/** A generator of numbers from 0 to 1 that gives the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/**
 * Asks for the DDL of the objects that the pieces make, one by one: at most `most` of each kind, chosen by a seed that is printed. Gives the
 * statements that the script of the whole database does not have, and what failed: none, when the two say the same.
 */
export async function walkObjects(session: PgSession, pieces: readonly Piece[], most: number): Promise<string[]> {
  const seed = Date.now() % 100_000;
  const random = randomOf(seed);
  const known = new Set(pieces.flatMap((piece) => statementsOf(piece.sql)));
  const heads = new Set([...known].map(head));
  const byKind = new Map<string, ObjectRef[]>();
  for (const { id, object } of pieces) {
    const [, catalog, oid] = /^(pg_\w+):(\d+)$/.exec(id) ?? [];
    // What a script says of its own database has another form, and default privileges come with their schema.
    if (oid === undefined || catalog === 'pg_database' || catalog === 'pg_default_acl') continue;
    const kind = catalog === 'pg_constraint' ? 'constraint' : object.kind;
    const list = byKind.get(kind) ?? [];
    list.push({ kind, oid: Number(oid), schema: object.schema, name: object.name, sub: 0 });
    byKind.set(kind, list);
  }
  const wrong: string[] = [];
  let walked = 0;
  for (const objects of byKind.values()) {
    const chosen = objects.length <= most ? objects : objects.toSorted(() => random() - 0.5).slice(0, most);
    for (const object of chosen) {
      walked += 1;
      const told = `${object.kind} ${object.schema}.${object.name} (seed ${seed})`;
      try {
        const sql = await objectDdl(session, object, signal);
        for (const statement of statementsOf(sql)) {
          if (!known.has(statement) && !heads.has(head(statement))) wrong.push(`${told}: ${statement}`);
        }
      } catch (error) {
        wrong.push(`${told}: ${String(error)}`);
      }
    }
  }
  if (walked === 0) wrong.push('no object was walked');
  return wrong;
}
