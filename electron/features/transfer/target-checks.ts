import { statfs } from 'node:fs/promises';
import type { PgSession } from '../../adapters/postgres/session';
import { EMBEDDED_DUMP } from '../../adapters/tools/embedded/embedded-pg-dump';
import { chooseDump, choosePsql, chooseRestore } from '../../adapters/tools/locate';
import type { ImportPlan } from '../../../shared/contract/transfer';
import type { ClientTool, DumpPreview, Finding } from '../../../shared/model/import';
import { listTables } from './counts';
import { blocking, names, ok, warning, type SourceFacts } from './findings';

/** What is asked of the target, and of the programs between. */
export async function checkTarget(
  tools: readonly ClientTool[],
  plan: ImportPlan,
  preview: DumpPreview | null,
  source: SourceFacts | null,
  session: PgSession,
  onThisMachine: boolean,
  findings: Finding[],
  signal: AbortSignal,
): Promise<void> {
  const { target, options } = plan;
  const major = Math.floor(session.serverVersionNum / 10_000);
  const [facts] = await session.query<{
    encoding: string;
    may_create: boolean;
    createdb: boolean;
    superuser: boolean;
    taken: boolean;
    read_only: boolean;
    public_create: boolean;
    data_folder: string | null;
  }>(
    `SELECT pg_encoding_to_char(d.encoding) AS encoding, has_database_privilege(d.datname, 'CREATE') AS may_create,
            r.rolcreatedb OR r.rolsuper AS createdb, r.rolsuper AS superuser,
            EXISTS (SELECT FROM pg_database WHERE datname = $1) AS taken,
            pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS read_only,
            coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = 'public'), true) AS public_create,
            CASE WHEN r.rolsuper THEN current_setting('data_directory') END AS data_folder
       FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user`,
    [target.database],
    signal,
  );
  if (!facts) return;
  if (source && preview?.kind !== 'unknown' && preview?.kind !== 'directory')
    findings.push(checkEncoding(plan, source, facts.encoding));
  findings.push(checkVersion(source, major, session.serverVersion), checkTools(tools, plan, preview, source));
  findings.push(
    facts.read_only
      ? blocking(
          'privileges',
          'The target is read-only',
          'Choose the primary server, or take the read-only mark off the registration.',
        )
      : target.create
        ? facts.taken
          ? blocking(
              'privileges',
              `There is a database ${target.database} already`,
              'Choose another name, or import into the existing database.',
            )
          : facts.createdb
            ? ok('privileges', 'The account may create databases')
            : blocking(
                'privileges',
                'The account may not create databases',
                'Ask for the CREATEDB attribute, or import into a database that exists.',
              )
        : facts.may_create && facts.public_create
          ? ok('privileges', `The account may create objects in ${target.database}`)
          : warning(
              'privileges',
              facts.may_create
                ? 'The account may not create objects in the schema public'
                : `The account may not create schemas in ${target.database}`,
              `GRANT CREATE ON ${facts.may_create ? 'SCHEMA public' : 'DATABASE …'} to it, or use an account that may.`,
            ),
  );
  if (source) {
    findings.push(await checkExtensions(session, plan, source, facts.superuser, signal));
    findings.push(await checkRoles(session, plan, source, signal));
    findings.push(await checkSameNames(session, plan, source, signal));
  }
  findings.push(await checkDisk(source, onThisMachine ? facts.data_folder : null));
  if (options.clean && !target.create)
    findings.push(
      warning(
        'same-names',
        'Objects of the same names are dropped first',
        'Make sure that a backup of the target exists.',
      ),
    );
}

function checkEncoding(plan: ImportPlan, source: SourceFacts, serverEncoding: string): Finding {
  const wanted = plan.target.create ? plan.target.encoding || source?.encoding || serverEncoding : serverEncoding;
  const same = (a: string, b: string): boolean =>
    a.toUpperCase().replaceAll(/[-_]/g, '') === b.toUpperCase().replaceAll(/[-_]/g, '');
  if (source.encoding === '')
    return warning(
      'encoding',
      `The encoding of the source is not known; the target has ${wanted}`,
      'Check it, or convert the file to UTF-8: iconv -f OLD -t UTF-8.',
    );
  if (same(source.encoding, wanted)) return ok('encoding', `${wanted}, the same as the source`);
  if (wanted === 'UTF8') return ok('encoding', `${source.encoding} is converted to UTF8`);
  return warning(
    'encoding',
    `The source is in ${source.encoding}, the target in ${wanted}: some characters may have no place there`,
    'Create the target with encoding UTF8.',
  );
}

function checkVersion(source: SourceFacts | null, major: number, version: string): Finding {
  if (!source || source.major === 0)
    return ok('version', `The target is PostgreSQL ${version}; the dump does not say where it comes from`);
  if (source.major > major)
    return warning(
      'version',
      `The source is PostgreSQL ${source.version}, the target ${version}, which is older`,
      'Settings and syntax that the target does not know are left out and reported. A target of the same version or newer is safer.',
    );
  return ok('version', `PostgreSQL ${source.version} to ${version}`);
}

function checkTools(
  tools: readonly ClientTool[],
  plan: ImportPlan,
  preview: DumpPreview | null,
  source: SourceFacts | null,
): Finding {
  const psql = choosePsql(tools);
  const reader = psql ? `psql ${psql.version}` : 'the program’s own connection, as no fit psql was found';
  if (plan.source.kind === 'database') {
    const dump = chooseDump(tools, source?.major ?? 0);
    if (dump) return ok('tools', `pg_dump ${dump.version}, ${reader}`);
    if ((source?.major ?? 0) <= EMBEDDED_DUMP.major)
      return ok('tools', `pg_dump ${EMBEDDED_DUMP.version} (built in), ${reader}`);
    return blocking(
      'tools',
      `No pg_dump ${source?.major ?? ''} or newer was found`,
      'Install newer PostgreSQL client programs and choose their folder in the settings.',
    );
  }
  if (preview?.kind === 'custom' || preview?.kind === 'tar') {
    const restore = chooseRestore(tools);
    return restore
      ? ok('tools', `pg_restore ${restore.version}, ${reader}`)
      : blocking(
          'tools',
          'No pg_restore was found, which archives need',
          'Install the PostgreSQL client programs (Debian: apt install postgresql-client), or make a plain dump.',
        );
  }
  return ok('tools', `The script runs through ${reader}`);
}

async function checkExtensions(
  session: PgSession,
  plan: ImportPlan,
  source: SourceFacts,
  superuser: boolean,
  signal: AbortSignal,
): Promise<Finding> {
  const wanted = source.extensions.filter((name) => name !== 'plpgsql');
  if (wanted.length + source.typesOf.length === 0) return ok('extensions', 'None are needed');
  const rows = await session.query<{ name: string; installed: boolean }>(
    'SELECT name::text, installed_version IS NOT NULL AS installed FROM pg_available_extensions WHERE name = ANY($1::text[])',
    [[...wanted, ...source.typesOf]],
    signal,
  );
  const missing = [...wanted, ...source.typesOf].filter((name) => !rows.some((row) => row.name === name));
  if (missing.length > 0)
    return warning(
      'extensions',
      `Not available on the target: ${names(missing)}`,
      'Install them on the target server first. Without them, their objects and everything that depends on them will be missing.',
    );
  const toMake = plan.target.create
    ? source.typesOf
    : source.typesOf.filter((name) => !rows.some((row) => row.name === name && row.installed));
  if (toMake.length > 0)
    return warning(
      'extensions',
      `The dump uses types of ${names(toMake)} but does not create it`,
      'Import into a database in which CREATE EXTENSION was run for it.',
    );
  return superuser
    ? ok('extensions', `All available: ${names(wanted)}`)
    : ok('extensions', `All available: ${names(wanted)}. The account must be allowed to create them.`);
}

async function checkRoles(
  session: PgSession,
  plan: ImportPlan,
  source: SourceFacts,
  signal: AbortSignal,
): Promise<Finding> {
  const rows = await session.query<{ name: string }>(
    'SELECT rolname::text AS name FROM pg_roles WHERE rolname = ANY($1::text[])',
    [source.roles],
    signal,
  );
  const missing = source.roles.filter((name) => !rows.some((row) => row.name === name));
  if (missing.length === 0)
    return ok('roles', source.roles.length === 0 ? 'The source names none' : `All exist: ${names(source.roles)}`);
  if (plan.options.noOwner && plan.options.noPrivileges)
    return ok('roles', `Not on the target, and not needed as owners and privileges are left out: ${names(missing)}`);
  return warning(
    'roles',
    `Not on the target: ${names(missing)}`,
    'Create them first, or leave owners and privileges out. Otherwise these statements fail, without loss of data.',
  );
}

async function checkSameNames(
  session: PgSession,
  plan: ImportPlan,
  source: SourceFacts,
  signal: AbortSignal,
): Promise<Finding> {
  if (plan.target.create) return ok('same-names', 'The database is new');
  const present = new Set((await listTables(session, signal)).map((each) => `${each.schema}.${each.name}`));
  const same = source.tables.filter((name) => present.has(name));
  if (same.length === 0)
    return ok(
      'same-names',
      present.size === 0 ? 'The target has no tables' : 'No table of the source is in the target',
    );
  if (plan.options.content === 'data') return ok('same-names', `The data goes into ${same.length} tables that exist`);
  if (plan.options.clean) return ok('same-names', `${same.length} tables are replaced`);
  return warning(
    'same-names',
    `${same.length} tables are in the target already: ${names(same)}`,
    'Import into a new database, or turn on "Drop same-name objects first". Otherwise their rows may double and statements fail.',
  );
}

async function checkDisk(source: SourceFacts | null, folder: string | null): Promise<Finding> {
  if (folder !== null) {
    try {
      const disk = await statfs(folder);
      const free = disk.bavail * disk.bsize;
      const need = (source?.bytes ?? 0) * 1.5;
      const text = `${mib(free)} free on the target, about ${mib(need)} needed`;
      return free < need
        ? warning('disk', text, 'Free space on the target’s disk, or choose another target.')
        : ok('disk', text);
    } catch {
      // Another machine's or another account's folder: nothing can be said.
    }
  }
  return ok(
    'disk',
    `The target’s free space can’t be seen from here; about ${mib((source?.bytes ?? 0) * 1.5)} are needed`,
  );
}

const mib = (bytes: number): string =>
  bytes > 10 * 1024 ** 3
    ? `${(bytes / 1024 ** 3).toFixed(0)} GiB`
    : `${Math.ceil(bytes / 1024 ** 2).toLocaleString('en')} MiB`;
