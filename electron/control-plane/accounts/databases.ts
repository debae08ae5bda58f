import { quoteIdent, quoteLiteral } from '../../../shared/model/quote';
import { DATABASE_ENCODINGS } from '../../../shared/model/account';
import { AppError } from '../../../shared/errors';
import type { PgSession } from '../../adapters/postgres/session';
import { ApiError } from '../api/errors';
import { mustFindRole } from './roles';
import { HOME, inDatabase, instanceFor, SERVING, WRITABLE, type AccountInstances } from './work';

/** A database as the server knows it. */
export interface DatabaseRow {
  readonly name: string;
  readonly owner: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly allow_connections: boolean;
  /** -1 is no limit. */
  readonly connection_limit: number;
  /** Lines of `role=privileges/grantor`. */
  readonly privileges: string;
}

/** The locale that decides where it is not the C library's: the column changed its name in 17. */
const providerLocale = (version: number): string =>
  version >= 170_000 ? 'd.datlocale' : version >= 150_000 ? 'd.daticulocale' : 'NULL';

/** Databases of people: all but the templates, in the order of their names. */
export async function listDatabases(instances: AccountInstances, id: string): Promise<DatabaseRow[]> {
  instanceFor(instances, id, SERVING);
  return inDatabase(instances, id, HOME, (session) => {
    const locale = providerLocale(session.serverVersionNum);
    return session.query<DatabaseRow & Record<string, unknown>>(
      `SELECT d.datname::text AS name, pg_catalog.pg_get_userbyid(d.datdba)::text AS owner,
              pg_catalog.pg_encoding_to_char(d.encoding)::text AS encoding,
              coalesce(${locale}, d.datcollate)::text AS collate, coalesce(${locale}, d.datctype)::text AS ctype,
              d.datallowconn AS allow_connections, d.datconnlimit AS connection_limit,
              coalesce(pg_catalog.array_to_string(d.datacl, E'\\n'), '') AS privileges
         FROM pg_catalog.pg_database d WHERE NOT d.datistemplate ORDER BY d.datname::text COLLATE "C"`,
    );
  });
}

/** What the public API does not tell. */
export interface DatabaseFigures {
  readonly name: string;
  /** Bytes on disk. */
  readonly size: number;
  /** Sessions of clients; those of the control plane itself are left out. */
  readonly connections: number;
}

export async function readDatabaseFigures(instances: AccountInstances, id: string): Promise<DatabaseFigures[]> {
  instanceFor(instances, id, SERVING);
  return inDatabase(instances, id, HOME, async (session) => {
    const rows = await session.query<{ name: string; size: string; connections: number }>(
      `SELECT d.datname::text AS name, pg_catalog.pg_database_size(d.oid)::text AS size,
              (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_stat_activity a
                WHERE a.datid = d.oid AND a.backend_type = 'client backend' AND a.usename <> current_user)
                AS connections
         FROM pg_catalog.pg_database d WHERE NOT d.datistemplate`,
    );
    return rows.map(({ name, size, connections }) => ({ name, size: Number(size), connections }));
  });
}

const noDatabase = (name: string): ApiError => new ApiError('InvalidParameterValue', `There is no database ${name}`);

async function mustFindDatabase(session: PgSession, name: string): Promise<void> {
  const [row] = await session.query<{ datistemplate: boolean }>(
    'SELECT datistemplate FROM pg_catalog.pg_database WHERE datname = $1',
    [name],
  );
  if (!row) throw noDatabase(name);
  if (row.datistemplate || name === HOME) {
    throw new ApiError('OperationDenied', `The database ${name} belongs to the control plane`);
  }
}

export interface NewDatabase {
  readonly name: string;
  readonly owner: string;
  /** Empty: that of the instance. */
  readonly encoding: string;
  /** Empty: what fits the encoding. */
  readonly collate: string;
  readonly ctype: string;
}

/**
 * The clauses about locales. Nothing is said where the instance's own locale fits; another encoding goes with `C`, which fits all of them. A
 * locale that was asked for is the C library's, also in an instance whose own one is the server's.
 */
async function localeClauses(session: PgSession, wanted: NewDatabase): Promise<string> {
  const locale = providerLocale(session.serverVersionNum);
  const provider = session.serverVersionNum >= 150_000 ? 'd.datlocprovider::text' : "'c'";
  const [own] = await session.query<{ encoding: string; provider: string; collate: string; locale: string | null }>(
    `SELECT pg_catalog.pg_encoding_to_char(d.encoding)::text AS encoding, ${provider} AS provider, d.datcollate::text AS collate,
            ${locale}::text AS locale FROM pg_catalog.pg_database d WHERE d.datname = 'template0'`,
  );
  const encoding = wanted.encoding === '' ? (own?.encoding ?? 'UTF8') : wanted.encoding;
  const clauses = [`ENCODING ${quoteLiteral(encoding)}`];
  const { collate, ctype } = wanted;
  const asOwn = encoding === own?.encoding && collate === ctype && ['', own.locale ?? own.collate].includes(collate);
  if (!asOwn) {
    const plain = encoding === own?.encoding && own.provider === 'c' ? own.collate : 'C';
    clauses.push(`LC_COLLATE ${quoteLiteral(collate === '' ? plain : collate)}`);
    clauses.push(`LC_CTYPE ${quoteLiteral(ctype === '' ? plain : ctype)}`);
    if (session.serverVersionNum >= 150_000) clauses.push('LOCALE_PROVIDER libc');
  }
  return clauses.join(' ');
}

/** `invalid locale name`, `encoding … does not match locale …`: the server's own words under a documented code. */
const LOCALE_STATES: readonly string[] = ['42809', '22023', '0A000', '42P21'];

export async function createDatabase(instances: AccountInstances, id: string, wanted: NewDatabase): Promise<void> {
  const { adminUser } = instanceFor(instances, id, WRITABLE);
  if (wanted.encoding !== '' && !(DATABASE_ENCODINGS as readonly string[]).includes(wanted.encoding)) {
    throw new ApiError(
      'InvalidParameterValue.CharsetNotFoundError',
      `The encoding ${wanted.encoding} is not supported: ${DATABASE_ENCODINGS.join(', ')}`,
    );
  }
  await inDatabase(instances, id, HOME, async (session) => {
    await mustFindRole(session, wanted.owner, adminUser);
    const locale = await localeClauses(session, wanted);
    const [name, owner] = [quoteIdent(wanted.name), quoteIdent(wanted.owner)];
    try {
      // template0: it takes any encoding, and nobody can be connected to it.
      await session.query(`CREATE DATABASE ${name} OWNER ${owner} TEMPLATE template0 ${locale}`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { sqlstate = '', message } = error.info;
      if (sqlstate === '42P04') {
        throw new ApiError('InvalidParameterValue', `The database ${wanted.name} exists already`);
      }
      if (LOCALE_STATES.includes(sqlstate)) throw new ApiError('InvalidParameterValue', message);
      throw error;
    }
  });
}

export async function setDatabaseOwner(
  instances: AccountInstances,
  id: string,
  name: string,
  owner: string,
): Promise<void> {
  const { adminUser } = instanceFor(instances, id, WRITABLE);
  await inDatabase(instances, id, HOME, async (session) => {
    await mustFindDatabase(session, name);
    await mustFindRole(session, owner, adminUser);
    await session.query(`ALTER DATABASE ${quoteIdent(name)} OWNER TO ${quoteIdent(owner)}`);
  });
}

/** Ends the sessions in a database and drops it: also with a full disk, because that frees space. */
export async function deleteDatabase(instances: AccountInstances, id: string, name: string): Promise<void> {
  instanceFor(instances, id, SERVING);
  await inDatabase(instances, id, HOME, async (session) => {
    await mustFindDatabase(session, name);
    const database = quoteIdent(name);
    if (session.serverVersionNum >= 130_000) {
      await session.query(`DROP DATABASE ${database} WITH (FORCE)`);
      return;
    }
    // Before 13 the door is closed first, or clients come back between the end of their sessions and the drop.
    await session.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
    try {
      await session.query(
        'SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1',
        [name],
      );
      // The server waits up to five seconds for sessions that are about to end.
      await session.query(`DROP DATABASE ${database}`);
    } catch (error) {
      await session.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`).catch(() => undefined);
      throw error;
    }
  });
}
