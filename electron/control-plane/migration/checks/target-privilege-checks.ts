import { AppError } from '../../../../shared/errors';
import { quoteIdent } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Check, CheckContext, Found } from './check';
import { passed } from './saying';

const STEP = 'DstPrivilegeCheck';
/** First major where a privilege on a setting can be granted. */
const GRANT_ON_PARAMETER = 15;
/** First major whose origin functions are guarded by EXECUTE alone. */
const ORIGIN_BY_GRANT = 14;

const REPLICA_SQL = 'SET LOCAL session_replication_role = replica';
const ORIGIN_SQL = `SELECT pg_catalog.bool_and(pg_catalog.has_function_privilege(f, 'EXECUTE')) AS may FROM pg_catalog.unnest(ARRAY[
  'pg_catalog.pg_replication_origin_create(text)', 'pg_catalog.pg_replication_origin_session_setup(text)',
  'pg_catalog.pg_replication_origin_xact_setup(pg_lsn, timestamptz)']) f`;
const CREATE_ROLE_SQL = 'SELECT rolsuper OR rolcreaterole AS may FROM pg_catalog.pg_roles WHERE rolname = current_user';

/** Why the setting is refused; null when it is not. Undone at once. */
async function tryReplica(session: PgSession, signal: AbortSignal): Promise<string | null> {
  await session.query('BEGIN', [], signal);
  try {
    await session.query(REPLICA_SQL, [], signal);
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'sql') return error.message;
    throw error;
  } finally {
    await session.query('ROLLBACK', []).catch(() => undefined);
  }
}

const replicaRole: Check = {
  id: 'target-replica-role',
  step: STEP,
  title: 'Loading without triggers',
  applies: ({ options }) => options.type !== 'structure',
  async run({ target, signal }) {
    const refused = await tryReplica(target.server, signal);
    if (refused === null)
      return [
        passed({ side: 'target' }, 'Triggers and foreign keys can be kept quiet while rows are written', REPLICA_SQL),
      ];
    const user = quoteIdent(target.user);
    return [
      {
        level: 'warning',
        side: 'target',
        database: '',
        found: `${target.user} may not set session_replication_role: ${refused}`,
        effect:
          'Triggers and foreign keys of tables that are there already act on every row that is written. Tables which the task creates get theirs after the rows.',
        remedy:
          target.major >= GRANT_ON_PARAMETER
            ? `A superuser of the target runs GRANT SET ON PARAMETER session_replication_role TO ${user};`
            : 'Drop or disable the triggers and foreign keys of tables that are there already (ALTER TABLE … DISABLE TRIGGER USER), or choose a superuser as the account.',
        sql: REPLICA_SQL,
      },
    ];
  },
};

const createRoles: Check = {
  id: 'target-create-roles',
  step: STEP,
  title: 'Right to create roles',
  applies: ({ options }) => options.objects.roleMode !== 'none',
  async run({ target, signal }) {
    const [row] = await target.server.query<{ may: boolean }>(CREATE_ROLE_SQL, [], signal);
    if (row?.may === true) return [passed({ side: 'target' }, `${target.user} may create roles`, CREATE_ROLE_SQL)];
    return [
      {
        level: 'warning',
        side: 'target',
        database: '',
        found: `${target.user} may not create roles`,
        effect:
          'Roles that are missing at the target are not created; owners and privileges that name them are refused one by one.',
        remedy: `A superuser of the target runs ALTER ROLE ${quoteIdent(target.user)} CREATEROLE; or let no roles travel and keep no owners.`,
        sql: CREATE_ROLE_SQL,
      },
    ];
  },
};

function originFinding(may: boolean, { target }: CheckContext): Found {
  const usable = target.superuser || (may && target.major >= ORIGIN_BY_GRANT);
  if (usable) return passed({ side: 'target' }, 'Replication origins can be used', ORIGIN_SQL);
  return {
    level: 'info',
    side: 'target',
    database: '',
    found: `${target.user} may not use replication origins`,
    effect: 'Nothing is lost: how far the changes have come is kept in a table of the target instead.',
    remedy:
      'Nothing has to be done. Where changes also flow back, choose a superuser as the account, so that they can be told apart.',
    sql: ORIGIN_SQL,
  };
}

const origins: Check = {
  id: 'target-origins',
  step: STEP,
  title: 'Replication origins',
  applies: ({ incremental }) => incremental,
  async run(context) {
    const [row] = await context.target.server.query<{ may: boolean }>(ORIGIN_SQL, [], context.signal);
    return [originFinding(row?.may ?? false, context)];
  },
};

/** What the account of the target has to be allowed. */
export const TARGET_PRIVILEGE_CHECKS: readonly Check[] = [replicaRole, createRoles, origins];
