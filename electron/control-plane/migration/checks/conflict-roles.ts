import { quoteIdent } from '../../../../shared/model/quote';
import type { MigrationOptions } from '../../../../shared/model/migration';
import type { Check, CheckContext } from './check';
import { count, databaseFinding, forDatabases, passed, scopeOf } from './object-scope';

interface Role extends Record<string, unknown> {
  readonly name: string;
  readonly superuser: boolean;
  readonly rights: string;
}

/** The bootstrap superuser is on every server; roles of the server itself begin with `pg_`. */
const ROLES = `SELECT rolname AS name, rolsuper AS superuser, pg_catalog.concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END,
CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolcanlogin THEN 'login' END,
CASE WHEN rolreplication THEN 'replication' END, CASE WHEN rolbypassrls THEN 'bypassrls' END, CASE WHEN NOT rolinherit THEN 'noinherit' END,
CASE WHEN rolconnlimit >= 0 THEN 'connection limit ' || rolconnlimit END) AS rights
FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' AND oid <> 10 ORDER BY 1`;

/** Whether a role of the source is made on the target when it is missing there. */
function travels({ objects }: MigrationOptions): (role: string) => boolean {
  const chosen = new Set(objects.roles);
  return (role) => objects.roleMode === 'all' || (objects.roleMode === 'partial' && chosen.has(role));
}

const sameRoles: Check = {
  id: 'same-name-roles',
  step: 'ConflictCheck',
  title: 'Roles that are on the target already',
  applies: ({ options }) => options.objects.roleMode !== 'none',
  async run({ source, target, options, signal }) {
    const may = travels(options);
    const [here, there] = await Promise.all([source, target].map((side) => side.server.query<Role>(ROLES, [], signal)));
    const known = new Map((there ?? []).map((role) => [role.name, role]));
    const both = (here ?? []).filter(({ name }) => may(name) && known.has(name));
    const items = both.map(({ name, rights }) => {
      const others = known.get(name)?.rights ?? '';
      return others === rights ? name : `${name}: ${rights || 'no rights'} → ${others || 'no rights'}`;
    });
    const place = { side: 'both', database: '', sql: ROLES } as const;
    if (items.length === 0) return [{ ...place, level: 'pass', found: 'No role of these names is there' }];
    const other = both.filter(({ name, rights }) => known.get(name)?.rights !== rights);
    return [
      {
        ...place,
        level: other.length > 0 ? 'warning' : 'info',
        found: `${count(both.length, 'role')} of the same name on the target, ${other.length === 0 ? 'with the same rights' : `${other.length} with other rights`}`,
        items: items.toSorted((a, b) => Number(b.includes(' → ')) - Number(a.includes(' → '))),
        effect:
          'They stay as they are on the target, with their passwords there. What belongs to the role of the source will belong to them.',
        remedy: 'See that it is the same person or program; otherwise rename the role on the source or on the target.',
      },
    ];
  },
};

/** `$1` relations, `$2` functions, `$3` schemas: names of owners, and of roles with privileges. */
const OWNERS = `SELECT r.rolname AS name, count(*)::int AS uses, bool_or(k.owner) AS owner FROM (
SELECT relowner AS role, true AS owner FROM pg_catalog.pg_class WHERE oid = ANY ($1::oid[])
UNION ALL SELECT proowner, true FROM pg_catalog.pg_proc WHERE oid = ANY ($2::oid[])
UNION ALL SELECT nspowner, true FROM pg_catalog.pg_namespace WHERE nspname = ANY ($3::text[])
UNION ALL SELECT datdba, true FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
UNION ALL SELECT x.grantee, false FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) x WHERE c.oid = ANY ($1::oid[])
UNION ALL SELECT x.grantee, false FROM pg_catalog.pg_proc p, pg_catalog.aclexplode(p.proacl) x WHERE p.oid = ANY ($2::oid[])
UNION ALL SELECT x.grantee, false FROM pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) x WHERE n.nspname = ANY ($3::text[])) k
JOIN pg_catalog.pg_roles r ON r.oid = k.role AND r.rolname !~ '^pg_' GROUP BY 1 ORDER BY 1`;
const THERE = 'SELECT rolname AS name FROM pg_catalog.pg_roles';
const MAY_CREATE = 'SELECT rolsuper OR rolcreaterole AS may FROM pg_catalog.pg_roles WHERE rolname = current_user';

interface Owner extends Record<string, unknown> {
  readonly name: string;
  readonly uses: number;
  readonly owner: boolean;
}

async function ownersOf(context: CheckContext, database: CheckContext['databases'][number]): Promise<Owner[]> {
  const { relations, functions, schemas } = scopeOf(database.plan);
  const all = await database.source.query<Owner>(OWNERS, [relations, functions, schemas], context.signal);
  return all.filter(({ owner }) => (owner ? context.options.keepOwners : context.options.keepPrivileges));
}

const missingOwners: Check = {
  id: 'owners-missing',
  step: 'ConflictCheck',
  title: 'Owners and grantees that the target does not have',
  applies: ({ options, databases }) => (options.keepOwners || options.keepPrivileges) && databases.length > 0,
  async run(context) {
    const { target, options, signal } = context;
    const there = new Set((await target.server.query<{ name: string }>(THERE, [], signal)).map(({ name }) => name));
    const [account] = await target.server.query<{ may: boolean }>(MAY_CREATE, [], signal);
    const may = travels(options);
    return forDatabases(context, async (database) => {
      const owners = await ownersOf(context, database);
      const missing = owners.filter(({ name }) => !there.has(name) && !may(name));
      if (missing.length === 0)
        return passed(database, 'both', OWNERS, 'All owners and grantees are on the target or travel');
      return databaseFinding(
        database,
        'both',
        OWNERS,
        missing.map(({ name, owner, uses }) => `${name}: ${owner ? 'owner' : 'privileges'}, ${count(uses, 'time')}`),
        {
          level: 'warning',
          found: `${count(missing.length, 'role')} with objects or privileges, missing on the target`,
          effect: `What they own belongs to ${target.user} on the target; their privileges are missing there.`,
          remedy: 'Let the roles travel, create them, or choose not to keep owners and privileges.',
          fix:
            account?.may === true
              ? {
                  side: 'target',
                  database: target.endpoint.database,
                  statements: missing.map(({ name }) => `CREATE ROLE ${quoteIdent(name)} NOLOGIN`),
                }
              : null,
        },
      );
    });
  },
};

/** The roles of the first parameter that the account could not give objects to. */
const REFUSED = (major: number): string => `SELECT rolname AS name FROM pg_catalog.pg_roles
WHERE rolname = ANY ($1::text[]) AND NOT pg_catalog.pg_has_role(oid, '${major >= 16 ? 'SET' : 'MEMBER'}') ORDER BY 1`;

const refusedOwners: Check = {
  id: 'owners-refused',
  step: 'DstPrivilegeCheck',
  title: 'Owners that the account may not give objects to',
  applies: ({ options, target, databases }) => options.keepOwners && !target.superuser && databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const { target, signal } = context;
      const owners = (await ownersOf(context, database)).filter(({ owner }) => owner).map(({ name }) => name);
      const sql = REFUSED(target.major);
      const items = (await target.server.query<{ name: string }>(sql, [owners], signal)).map(({ name }) => name);
      if (items.length === 0)
        return passed(database, 'target', sql, `${target.user} may act as every owner that is on the target`);
      return databaseFinding(database, 'target', sql, items, {
        level: 'warning',
        found: `${count(items.length, 'owner')} that ${target.user} is not a member of`,
        effect: `The objects of these owners belong to ${target.user} on the target.`,
        remedy: `A superuser of the target runs ${items
          .slice(0, 5)
          .map((name) => `GRANT ${quoteIdent(name)} TO ${quoteIdent(target.user)}`)
          .join('; ')}; or choose not to keep owners.`,
      });
    }),
};

export const ROLE_CONFLICT_CHECKS: readonly Check[] = [sameRoles, missingOwners, refusedOwners];
