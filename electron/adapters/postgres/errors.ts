import { DatabaseError } from 'pg';
import { AppError, type ErrorInfo } from '../../../shared/errors';
import type { WireNotice } from './wire-messages';

/** Facts of a server's ErrorResponse as they go to the person. */
function serverFacts(error: DatabaseError): ErrorInfo {
  return {
    code: 'sql',
    message: error.message,
    ...(error.code ? { sqlstate: error.code } : {}),
    ...(error.detail ? { detail: error.detail } : {}),
    ...(error.hint ? { hint: error.hint } : {}),
    ...(error.position ? { position: Number(error.position) } : {}),
  };
}

/** The last word of a session that the server ends: shutdown, crash, its database dropped, a time limit. Source: Appendix A, errcodes.txt. */
const SESSION_ENDED = new Set(['57P01', '57P02', '57P04', '57P05', '25P03', '25P04']);

/** Turns what pg throws into an AppError: `sql` with SQLSTATE and position, or `lost-connection`. */
export function serverError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof DatabaseError) {
    const facts = serverFacts(error);
    // It comes as the answer to a query that was sent before the end of the connection was seen.
    const ended = SESSION_ENDED.has(error.code ?? '');
    return new AppError(ended ? { ...facts, code: 'lost-connection', retry: true } : facts, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError({ code: 'lost-connection', message, retry: true }, { cause: error });
}

/** The same for an ErrorResponse that was read without pg. */
export function noticeError(notice: WireNotice): AppError {
  const ended = SESSION_ENDED.has(notice.sqlstate);
  const detail = [notice.detail, notice.where].filter((part) => part !== '').join('\n');
  return new AppError({
    code: ended ? 'lost-connection' : 'sql',
    message: notice.message,
    sqlstate: notice.sqlstate,
    ...(detail === '' ? {} : { detail }),
    ...(notice.hint === '' ? {} : { hint: notice.hint }),
    ...(notice.position === 0 ? {} : { position: notice.position }),
    ...(ended ? { retry: true } : {}),
  });
}

interface LoginRule {
  readonly code: ErrorInfo['code'];
  readonly hint: string;
  readonly field?: string;
  readonly retry?: boolean;
}

/** What to try next when the server refuses a login. Source of the states: PostgreSQL's Appendix A, errcodes.txt. */
const LOGIN_RULES: Readonly<Record<string, LoginRule>> = {
  '28P01': {
    code: 'authentication',
    hint: 'Check the user name and the password. Names are case-sensitive.',
    field: 'password',
  },
  '28000': {
    code: 'authentication',
    hint: "The server knows no such role, or its pg_hba.conf has no line that lets this user, address, database and encryption in. Check the user name and the SSL mode, or ask the server's administrator for a pg_hba.conf entry.",
    field: 'server.user',
  },
  '3D000': {
    code: 'sql',
    hint: 'Check the name of the database; upper and lower case matter. The database postgres exists on most servers.',
    field: 'server.database',
  },
  '42501': { code: 'sql', hint: 'Ask for the CONNECT privilege on this database, or choose another one.' },
  '53300': {
    code: 'sql',
    hint: 'All connection slots are taken. Close other sessions or raise max_connections, then try again.',
    retry: true,
  },
  '57P03': {
    code: 'sql',
    hint: 'The server is starting up, shutting down or recovering. Try again in a moment.',
    retry: true,
  },
  '55000': { code: 'sql', hint: 'The database accepts no connections. Choose another one.' },
};

/** A refused login: the server's words, the code by its SQLSTATE, and the next thing to try. */
export function loginError(error: unknown): AppError {
  if (!(error instanceof DatabaseError)) return serverError(error);
  const facts = serverFacts(error);
  const rule = LOGIN_RULES[error.code ?? ''];
  if (!rule) return new AppError(facts, { cause: error });
  return new AppError(
    { ...facts, ...rule, hint: facts.hint ? `${facts.hint} ${rule.hint}` : rule.hint },
    { cause: error },
  );
}

/** A refused SET ROLE. */
export function roleError(error: unknown, role: string): AppError {
  const known = serverError(error);
  if (known.code !== 'sql') return known;
  return new AppError(
    {
      ...known.info,
      field: 'server.role',
      hint:
        known.info.sqlstate === '42501'
          ? `The login is not a member of ${role}. Ask for GRANT ${role} to this user, or leave Role empty.`
          : 'Check the name of the role, or leave Role empty.',
    },
    { cause: error },
  );
}

const NETWORK: Readonly<Record<string, { readonly message: string; readonly hint: string; readonly field: string }>> = {
  ENOTFOUND: {
    message: 'The host name is not known',
    hint: 'Check its spelling and that the DNS or the VPN that knows it is reachable.',
    field: 'server.host',
  },
  EAI_AGAIN: {
    message: 'The name service gave no answer',
    hint: 'Check the network and the VPN, then try again.',
    field: 'server.host',
  },
  ECONNREFUSED: {
    message: 'Nothing listens at this address and port',
    hint: 'Check the port, that the server runs, and that its listen_addresses covers this address.',
    field: 'server.port',
  },
  ECONNRESET: {
    message: 'The other side closed the connection',
    hint: 'Check that a PostgreSQL server listens at this port and that no firewall cuts the connection.',
    field: 'server.port',
  },
  ETIMEDOUT: {
    message: 'There was no answer',
    hint: 'Check the address, the VPN and the firewalls on the way.',
    field: 'server.host',
  },
  EHOSTUNREACH: {
    message: 'There is no route to the host',
    hint: 'Check the network and the VPN.',
    field: 'server.host',
  },
  ENETUNREACH: {
    message: 'There is no route to the network',
    hint: 'Check the network and the VPN.',
    field: 'server.host',
  },
  ENOENT: {
    message: 'There is no such socket',
    hint: 'Check the folder of the socket and the port: the file is named .s.PGSQL.PORT.',
    field: 'server.host',
  },
  EACCES: {
    message: 'The socket may not be opened',
    hint: "Check the permissions of the socket's folder.",
    field: 'server.host',
  },
};

/** The `code` of a Node system error, e.g. `ECONNREFUSED`; empty for other values. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** A place that could not be reached. `place` is what the person knows it by, e.g. `db1:5432`. */
export function networkError(error: unknown, place: string): AppError {
  if (error instanceof AppError) return error;
  const rule = NETWORK[errnoOf(error)];
  const words = error instanceof Error ? error.message : String(error);
  if (!rule)
    return new AppError(
      {
        code: 'unreachable',
        message: `${place}: ${words}`,
        hint: 'Check the address, the port and the network.',
        retry: true,
      },
      { cause: error },
    );
  const { message, hint, field } = rule;
  return new AppError(
    { code: 'unreachable', message: `${place}: ${message}`, detail: words, hint, field, retry: true },
    { cause: error },
  );
}
