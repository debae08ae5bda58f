import { openSession, type PgSession } from '../../adapters/postgres/session';
import { errorInfo, throwIfAborted } from '../../../shared/errors';
import type { ImportPlan } from '../../../shared/contract/transfer';
import type { ClientTool, DumpPreview, Finding } from '../../../shared/model/import';
import type { Connections } from '../../ports';
import { listTables } from './counts';
import { blocking, names, ok, warning, type SourceFacts } from './findings';
import { checkTarget } from './target-checks';

export interface CheckDeps {
  readonly connections: Connections;
  readonly tools: readonly ClientTool[];
}

/** All checks, in the order in which they are shown. Only `cancelled` is thrown: what can't be looked at is a finding. */
export async function checkImport(
  deps: CheckDeps,
  plan: ImportPlan,
  preview: DumpPreview | null,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const source = preview ? fileFacts(preview, findings) : await databaseFacts(deps, plan, findings, signal);
  if (preview) checkFile(preview, plan, findings);
  const { target } = plan;
  try {
    const profile = await deps.connections.profile(target.serverId, target.create ? null : target.database, signal);
    const onThisMachine = !profile.ssh.enabled && /^(localhost|127\.0\.0\.1|::1|\/.*)$/.test(profile.host);
    const session = await openSession(profile, signal);
    try {
      await checkTarget(deps.tools, plan, preview, source, session, onThisMachine, findings, signal);
    } finally {
      await session.end();
    }
  } catch (error) {
    throwIfAborted(signal);
    const { message, hint } = errorInfo(error);
    findings.push(
      blocking(
        'privileges',
        `The target cannot be reached: ${message}`,
        hint ?? 'Check the server and its registration.',
      ),
    );
  }
  return findings;
}

function fileFacts(preview: DumpPreview, findings: Finding[]): SourceFacts {
  const unusable = preview.kind === 'unknown' || preview.kind === 'directory';
  const kinds = {
    plain: 'Plain SQL',
    custom: 'Archive in custom format',
    tar: 'Archive in tar format',
    directory: 'Folder',
    unknown: 'Unknown',
  };
  if (preview.problem !== '')
    findings.push(
      blocking(
        'source',
        unusable ? `${preview.fileName} is not a dump that can be imported` : `${preview.fileName} is damaged`,
        preview.problem,
      ),
    );
  else
    findings.push(
      ok('source', `${kinds[preview.kind]}${preview.compression === 'gzip' ? ', compressed with gzip' : ''}`),
    );
  return {
    encoding: preview.encoding,
    major: Number(preview.serverVersion.split('.')[0]) || 0,
    version: preview.serverVersion,
    extensions: preview.extensions,
    typesOf: preview.typesOf,
    roles: preview.roles,
    tables: preview.tables,
    bytes: preview.sizeBytes * (preview.compression === 'gzip' || preview.kind === 'custom' ? 5 : 1),
  };
}

async function databaseFacts(
  deps: CheckDeps,
  plan: ImportPlan,
  findings: Finding[],
  signal: AbortSignal,
): Promise<SourceFacts | null> {
  if (plan.source.kind !== 'database') return null;
  const { serverId, database } = plan.source;
  try {
    const session = await openSession(await deps.connections.profile(serverId, database, signal), signal);
    try {
      const [facts] = await session.query<{
        encoding: string;
        bytes: string;
        unreadable: string[];
        extensions: string[];
        roles: string[];
      }>(
        `SELECT pg_encoding_to_char(encoding) AS encoding, pg_database_size(oid)::text AS bytes,
                ARRAY(SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                       WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                         AND n.nspname NOT LIKE 'pg\\_toast%' AND NOT has_table_privilege(c.oid, 'SELECT') ORDER BY 1) AS unreadable,
                ARRAY(SELECT extname::text FROM pg_extension ORDER BY 1) AS extensions,
                ARRAY(SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class WHERE relnamespace >= 16384 OR relnamespace = 2200 ORDER BY 1) AS roles
           FROM pg_database WHERE datname = current_database()`,
        [],
        signal,
      );
      const unreadable = facts?.unreadable ?? [];
      const major = Math.floor(session.serverVersionNum / 10_000);
      findings.push(
        unreadable.length > 0
          ? blocking(
              'source',
              `These tables may not be read: ${names(unreadable)}`,
              'Grant SELECT on them to the account, or choose the tables to take.',
            )
          : ok('source', `PostgreSQL ${session.serverVersion}, every table can be read`),
      );
      const tables = (await listTables(session, signal)).map((each) => `${each.schema}.${each.name}`);
      const absent = await absentChoice(session, plan, signal);
      if (absent.length > 0)
        findings.push(
          blocking(
            'source',
            `The source has none of these names: ${names(absent)}`,
            'Write them as the catalogs have them: upper and lower case matter.',
          ),
        );
      return {
        encoding: facts?.encoding ?? '',
        major,
        version: session.serverVersion,
        extensions: facts?.extensions ?? [],
        typesOf: [],
        roles: facts?.roles ?? [],
        tables: chosenTables(plan, tables),
        bytes: Number(facts?.bytes ?? 0),
      };
    } finally {
      await session.end();
    }
  } catch (error) {
    throwIfAborted(signal);
    const { message, hint } = errorInfo(error);
    findings.push(
      blocking('source', `The source cannot be read: ${message}`, hint ?? 'Check the server and its registration.'),
    );
    return null;
  }
}

/** Schemas and tables (or views, sequences) that were chosen and are not in the source. */
async function absentChoice(session: PgSession, { options }: ImportPlan, signal: AbortSignal): Promise<string[]> {
  if (options.schemas.length + options.tables.length === 0) return [];
  const rows = await session.query<{ name: string }>(
    `SELECT s AS name FROM unnest($1::text[]) s WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = s)
     UNION ALL
     SELECT t FROM unnest($2::text[]) t
      WHERE NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                         WHERE n.nspname || '.' || c.relname = t AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f'))`,
    [options.schemas, options.tables],
    signal,
  );
  return rows.map(({ name }) => name);
}

const chosenTables = ({ options }: ImportPlan, tables: readonly string[]): string[] =>
  tables.filter(
    (table) =>
      (options.schemas.length === 0 && options.tables.length === 0) ||
      options.tables.includes(table) ||
      options.schemas.includes(table.slice(0, table.indexOf('.'))),
  );

function checkFile(preview: DumpPreview, plan: ImportPlan, findings: Finding[]): void {
  if (preview.kind === 'unknown' || preview.kind === 'directory') return;
  const allowed = plan.options.allowUnsafeCommands;
  if (preview.connects.length > 0)
    findings.push(
      (allowed ? warning : blocking)(
        'unsafe-commands',
        `The script goes on in another database by itself: ${names(preview.connects, 5)}`,
        'It is a dump of a whole server, or made with --create. Dump the database alone, take these lines out, or allow them: the rest then goes where they say.',
      ),
    );
  if (preview.unsafeLines.length > 0)
    findings.push(
      (allowed ? warning : blocking)(
        'unsafe-commands',
        `psql commands that read or write files or run programs on this machine: ${preview.unsafeLines.length}, the first in line ${preview.unsafeLines[0]?.line ?? 0}`,
        'Read the lines. Allow them only when you trust who wrote the script.',
      ),
    );
  else if (preview.connects.length === 0)
    findings.push(
      ok(
        'unsafe-commands',
        preview.scannedAll
          ? 'No commands that reach outside the database'
          : 'None in the part that was read; the rest is watched while it runs',
      ),
    );
}
