import type { FormState } from '../../../../../shared/model/form';
import type { StateReader } from '../state-reader';
import { qualified } from './rows';

interface PolicyRow {
  readonly name: string;
  readonly comment: string | null;
  readonly table: string;
  readonly permissive: boolean;
  readonly command: string;
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly withCheck: string | null;
}

const POLICY = `
SELECT p.polname AS name, pg_catalog.obj_description(p.oid, 'pg_policy') AS comment, ${qualified('n.nspname', 'c.relname')} AS "table",
       p.polpermissive AS permissive, p.polcmd::text AS command,
       ARRAY(SELECT r.rolname::text FROM pg_catalog.pg_roles r WHERE r.oid = ANY (p.polroles) ORDER BY 1) AS roles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS using, pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS "withCheck"
  FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE p.oid = $1`;

const COMMANDS: Readonly<Record<string, string>> = { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE' };

/** State of the policy dialog. */
export const readPolicyState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<PolicyRow>(POLICY, [object.oid], signal);
  if (!row) return null;
  const state: FormState = {
    name: row.name,
    comment: row.comment ?? '',
    table: row.table,
    combination: row.permissive ? 'PERMISSIVE' : 'RESTRICTIVE',
    command: COMMANDS[row.command] ?? 'ALL',
    roles: row.roles,
    using: row.using ?? '',
    withCheck: row.withCheck ?? '',
  };
  return { variant: '', state };
};
