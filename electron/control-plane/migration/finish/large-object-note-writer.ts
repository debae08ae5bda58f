import type { PgSession } from '../../../adapters/postgres/session';
import { reasonText } from '../worker/failure';
import type { Telling } from '../worker-protocol';
import { noteStatements, type LargeObject, type NoteRules } from './large-object-notes';
import { isOfObject } from './object-failure';

/** Gives large objects their owners, privileges and comments. */
export interface NoteWriter {
  /** In the open transaction of the target: all at once, or one by one when some are refused; those are told. */
  write(objects: readonly LargeObject[]): Promise<void>;
  /** Tells what was left out for roles that the target lacks. Answers how much could not be set in all. */
  tellMissing(): number;
}

interface Deps {
  readonly target: PgSession;
  readonly database: string;
  readonly telling: Telling;
  readonly signal: AbortSignal;
  readonly keepOwners?: boolean;
  readonly keepPrivileges?: boolean;
}

type RoleRow = { readonly role: string; readonly mine: boolean };
const SAVEPOINT = 'howdah_notes';

/** Reads the roles of the target once. */
export async function createNoteWriter(deps: Deps): Promise<NoteWriter> {
  const { target, database, telling, signal } = deps;
  const roles = await target.query<RoleRow>(
    'SELECT rolname AS role, rolname = current_user AS mine FROM pg_catalog.pg_roles',
    [],
    signal,
  );
  const missing = new Map<string, number>();
  let refused = 0;
  const rules: NoteRules = {
    keepOwners: deps.keepOwners ?? true,
    keepPrivileges: deps.keepPrivileges ?? true,
    user: roles.find(({ mine }) => mine)?.role ?? '',
    roles: new Set(roles.map(({ role }) => role)),
    onMissing: (role) => void missing.set(role, (missing.get(role) ?? 0) + 1),
  };
  const tell = (key: string, name: string, reason: string, statement: string): void => {
    refused += 1;
    telling.object({ database, key, kind: 'LARGE OBJECT', schema: '', name, outcome: 'failed', reason, statement });
  };
  return {
    async write(objects) {
      const statements = objects.flatMap((object) =>
        noteStatements(object, rules).map((sql) => ({ oid: object.oid, sql })),
      );
      if (statements.length === 0) return;
      await target.query(`SAVEPOINT ${SAVEPOINT}`, [], signal);
      try {
        await target.query(statements.map(({ sql }) => sql).join(';\n'), [], signal);
      } catch (error) {
        if (!isOfObject(error)) throw error;
        for (const { oid, sql } of statements) {
          await target.query(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`, [], signal);
          try {
            await target.query(sql, [], signal);
            await target.query(`SAVEPOINT ${SAVEPOINT}`, [], signal);
          } catch (failure) {
            if (!isOfObject(failure)) throw failure;
            tell(`LARGE OBJECT ${oid} ${sql}`, `${oid}`, reasonText(failure), sql);
          }
        }
        await target.query(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`, [], signal);
      }
    },
    tellMissing() {
      for (const [role, count] of missing) {
        const reason = `The target has no role of this name: ${count} ownerships and privileges of large objects are left out`;
        tell(`LARGE OBJECT ROLE ${role}`, role, reason, '');
      }
      return refused;
    },
  };
}
