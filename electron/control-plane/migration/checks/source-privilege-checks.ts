import { quoteIdent } from '../../../../shared/model/quote';
import type { Check, CheckContext, CheckedDatabase, Found } from './check';
import { count, forDatabases } from './object-scope';
import { asAdvice, passed } from './saying';
import {
  CREATE_SQL,
  FOREIGN_OWNED_SQL,
  HIDDEN_PASSWORDS_SQL,
  HIDDEN_ROWS_SQL,
  REPLICATION_SQL,
  SUPERUSER_SQL,
  UNREADABLE_LARGE_SQL,
  UNREADABLE_SQL,
} from './source-privilege-checks-sql';

const STEP = 'SrcPrivilegeCheck';
/** First major with the role that reads everything. */
const READ_ALL = 14;

const copiesRows = ({ options }: CheckContext): boolean => options.type !== 'structure';
const placeOf = ({ plan }: CheckedDatabase) => ({ side: 'source', database: plan.source }) as const;

/** The statements that let an account read what was found, by schema; views of the same schema come along. */
function grantsOf(context: CheckContext, rows: readonly { schema: string }[]): string {
  const user = quoteIdent(context.source.user);
  if (context.source.major >= READ_ALL) return asAdvice([`GRANT pg_read_all_data TO ${user}`]);
  const schemas = new Set(rows.map(({ schema }) => quoteIdent(schema)));
  return asAdvice(
    [...schemas].flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${schema} TO ${user}`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${user}`,
      `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${user}`,
    ]),
  );
}

interface OwnedBy {
  owner: string;
  superuser: boolean;
}

/** How the account gets what belongs to others. Threat: who is made a member of a superuser can become one, so that is never advised. */
function belongingAdvice({ source }: CheckContext, rows: readonly OwnedBy[], ofSuperusers: string, more = ''): string {
  const owners = new Set(rows.filter(({ superuser }) => !superuser).map(({ owner }) => owner));
  const grants = [...owners].map((owner) => `GRANT ${quoteIdent(owner)} TO ${quoteIdent(source.user)}`);
  const statements = [...grants, ...(more === '' ? [] : [more])];
  return [
    ...(statements.length > 0 ? [`A superuser of the source runs: ${asAdvice(statements)}`] : []),
    ...(rows.some(({ superuser }) => superuser)
      ? [`For what belongs to a superuser: ${ofSuperusers} or choose a superuser as the account of the source.`]
      : []),
  ].join(' ');
}

async function readTables(context: CheckContext, database: CheckedDatabase): Promise<Found[]> {
  const { plan, source } = database;
  const oids = [...plan.tables, ...plan.sequences].map(({ oid }) => oid);
  const rows = await source.query<{ name: string; schema: string }>(UNREADABLE_SQL, [oids], context.signal);
  if (rows.length === 0) {
    return [
      passed(
        placeOf(database),
        `All ${count(oids.length, 'table or sequence', 'tables and sequences')} can be read`,
        UNREADABLE_SQL,
      ),
    ];
  }
  return [
    {
      ...placeOf(database),
      level: 'failed',
      found: `${context.source.user} cannot read ${count(rows.length, 'table or sequence', 'tables and sequences')}`,
      items: rows.map(({ name }) => name),
      effect:
        'Their rows would be missing; the structure cannot be read either, because that locks each table against changes.',
      remedy: `A superuser of the source, or the owner, runs in ${plan.source}: ${grantsOf(context, rows)}`,
      sql: UNREADABLE_SQL,
    },
  ];
}

const tables: Check = {
  id: 'source-read',
  step: STEP,
  title: 'Reading tables and sequences',
  applies: () => true,
  run: (context) => forDatabases(context, (database) => readTables(context, database)),
};

async function readLarge(context: CheckContext, database: CheckedDatabase): Promise<Found[]> {
  if (!database.plan.largeObjects) return [];
  const rows = await database.source.query<OwnedBy & { objects: number }>(UNREADABLE_LARGE_SQL, [], context.signal);
  if (rows.length === 0) return [passed(placeOf(database), 'All large objects can be read', UNREADABLE_LARGE_SQL)];
  const total = rows.reduce((sum, { objects }) => sum + objects, 0);
  return [
    {
      ...placeOf(database),
      level: 'failed',
      found: `${context.source.user} cannot read ${count(total, 'large object')}`,
      items: rows.map(({ owner, objects }) => `${count(objects, 'large object')} of ${owner}`),
      effect: 'They would be missing at the target, and the columns that point to them would point to nothing.',
      remedy: belongingAdvice(context, rows, `GRANT SELECT ON LARGE OBJECT … TO ${quoteIdent(context.source.user)};`),
      sql: UNREADABLE_LARGE_SQL,
    },
  ];
}

const largeObjects: Check = {
  id: 'source-read-large-objects',
  step: STEP,
  title: 'Reading large objects',
  applies: (context) => copiesRows(context) && context.databases.some(({ plan }) => plan.largeObjects),
  run: (context) => forDatabases(context, (database) => readLarge(context, database)),
};

async function readHidden(context: CheckContext, database: CheckedDatabase): Promise<Found[]> {
  const { plan, source } = database;
  const user = quoteIdent(context.source.user);
  const rows = await source.query<{ name: string }>(
    HIDDEN_ROWS_SQL,
    [plan.tables.map(({ oid }) => oid)],
    context.signal,
  );
  if (rows.length === 0) return [passed(placeOf(database), 'No policy hides rows from this account', HIDDEN_ROWS_SQL)];
  return [
    {
      ...placeOf(database),
      level: 'failed',
      found: `Row security applies to ${context.source.user} on ${count(rows.length, 'table')}`,
      items: rows.map(({ name }) => name),
      effect: 'Policies would hide rows: the copy of these tables is refused, so that none is lost without a word.',
      remedy: `A superuser of the source runs ALTER ROLE ${user} BYPASSRLS; or choose the owner of the tables as the account (without FORCE ROW LEVEL SECURITY).`,
      sql: HIDDEN_ROWS_SQL,
    },
  ];
}

const rowSecurity: Check = {
  id: 'source-row-security',
  step: STEP,
  title: 'Row security',
  applies: copiesRows,
  run: (context) => forDatabases(context, (database) => readHidden(context, database)),
};

const passwords: Check = {
  id: 'source-role-passwords',
  step: STEP,
  title: 'Passwords of the roles',
  applies: ({ options }) => options.objects.roleMode !== 'none',
  async run({ options, source, signal }) {
    const { roleMode, roles } = options.objects;
    const rows = await source.server.query<{ name: string }>(
      HIDDEN_PASSWORDS_SQL,
      [roleMode === 'all' ? null : roles],
      signal,
    );
    if (rows.length === 0) return [passed({ side: 'source' }, 'Roles keep their passwords', HIDDEN_PASSWORDS_SQL)];
    return [
      {
        level: 'warning',
        side: 'source',
        database: '',
        found: `${source.user} may not read the passwords of ${count(rows.length, 'role')}: only superusers may`,
        items: rows.map(({ name }) => name),
        effect:
          'These roles are created without a password: their applications cannot log in to the target until one is set.',
        remedy:
          'Choose a superuser as the account of the source, or set the passwords afterwards: ALTER ROLE … PASSWORD …',
        sql: HIDDEN_PASSWORDS_SQL,
      },
    ];
  },
};

/** What the server answers to a yes-or-no question. */
const may = async ({ source, signal }: CheckContext, sql: string): Promise<boolean> =>
  (await source.server.query<{ may: boolean }>(sql, [], signal))[0]?.may ?? false;

const replication: Check = {
  id: 'source-replication-right',
  step: STEP,
  title: 'Right to follow changes',
  applies: ({ incremental }) => incremental,
  async run(context) {
    if (await may(context, REPLICATION_SQL)) {
      return [passed({ side: 'source' }, `${context.source.user} may create replication slots`, REPLICATION_SQL)];
    }
    return [
      {
        level: 'failed',
        side: 'source',
        database: '',
        found: `${context.source.user} lacks the attribute REPLICATION and is no superuser`,
        effect: 'No replication slot can be made: changes after the full copy would not arrive.',
        remedy: `A superuser of the source runs ALTER ROLE ${quoteIdent(context.source.user)} REPLICATION; on Amazon RDS: GRANT rds_replication TO ${quoteIdent(context.source.user)};`,
        sql: REPLICATION_SQL,
      },
    ];
  },
};

async function readPublishable(context: CheckContext, database: CheckedDatabase): Promise<Found[]> {
  const { plan, source } = database;
  const oids = plan.tables.map(({ oid }) => oid);
  const rows = await source.query<OwnedBy & { name: string }>(FOREIGN_OWNED_SQL, [oids], context.signal);
  const [create] = await source.query<{ may: boolean }>(CREATE_SQL, [], context.signal);
  if (rows.length === 0 && create?.may === true) {
    return [passed(placeOf(database), 'A publication of the tables can be made', FOREIGN_OWNED_SQL)];
  }
  const reasons = [
    ...(rows.length > 0 ? [`does not own ${count(rows.length, 'table')}`] : []),
    ...(create?.may === true ? [] : [`may not create in the database ${plan.source}`]),
  ];
  return [
    {
      ...placeOf(database),
      level: 'failed',
      found: `${context.source.user} ${reasons.join(' and ')}`,
      items: rows.map(({ name, owner }) => `${name} (of ${owner})`),
      effect: 'No publication can be made, and without one changes after the full copy do not arrive.',
      remedy: belongingAdvice(
        context,
        rows,
        'ALTER TABLE … OWNER TO …;',
        create?.may === true
          ? ''
          : `GRANT CREATE ON DATABASE ${quoteIdent(plan.source)} TO ${quoteIdent(context.source.user)}`,
      ),
      sql: rows.length > 0 ? FOREIGN_OWNED_SQL : CREATE_SQL,
    },
  ];
}

const publication: Check = {
  id: 'source-publication-right',
  step: STEP,
  title: 'Right to publish the tables',
  applies: ({ incremental }) => incremental,
  run: (context) => forDatabases(context, (database) => readPublishable(context, database)),
};

const eventTrigger: Check = {
  id: 'source-ddl-right',
  step: STEP,
  title: 'Right to notice changes of the structure',
  applies: ({ incremental }) => incremental,
  async run(context) {
    if (await may(context, SUPERUSER_SQL)) {
      return [passed({ side: 'source' }, 'Event triggers can be made', SUPERUSER_SQL)];
    }
    return [
      {
        level: 'warning',
        side: 'source',
        database: '',
        found: `${context.source.user} is no superuser and may not make event triggers`,
        effect:
          'ALTER TABLE and other changes of the structure are not carried over while the task follows the source.',
        remedy: 'Change no structure until the end of the task, or choose a superuser as the account of the source.',
        sql: SUPERUSER_SQL,
      },
    ];
  },
};

/** What the account of the source has to be allowed. */
export const SOURCE_PRIVILEGE_CHECKS: readonly Check[] = [
  tables,
  largeObjects,
  rowSecurity,
  passwords,
  replication,
  publication,
  eventTrigger,
];
