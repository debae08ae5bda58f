import { splitCommandLine } from './command-line';
import type { ServerDefinition } from './server';

/** What can be wrong with a field; the words are in the translations under `servers.rules`. */
export const SERVER_RULES = [
  'required',
  'blanks',
  'control',
  'port',
  'seconds',
  'colour',
  'tooLong',
  'socketTunnel',
  'quotes',
  'certificateMissing',
  'duplicateDatabase',
  'emptyDatabase',
] as const;
export type ServerRule = (typeof SERVER_RULES)[number];

/** One broken rule. `field` is the path in ServerDefinition, dotted, e.g. `ssh.host`. */
export interface FieldProblem {
  readonly field: string;
  readonly key: ServerRule;
}

/** An identifier of PostgreSQL holds at most 63 bytes of UTF-8 (NAMEDATALEN − 1). */
const NAME_BYTES = 63;
const MAX_SECONDS = 86_400;

function utf8Length(text: string): number {
  let bytes = 0;
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

const hasControl = (text: string): boolean =>
  [...text].some((c) => {
    const code = c.charCodeAt(0);
    return code < 32 || code === 127;
  });

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;
const isSeconds = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= MAX_SECONDS;
const isColour = (value: string): boolean => value === '' || /^#[0-9a-f]{6}$/i.test(value);

/** The rules of the dialog *Create - Server*, all at once, in the order of the fields. An empty list is in order. */
export function checkServer(server: ServerDefinition): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (field: string, key: ServerRule): void => void problems.push({ field, key });
  /** Adds at most one problem: the first that holds. */
  const text = (field: string, value: string, options: { required: boolean; name?: boolean }): void => {
    if (value.trim() === '') {
      if (options.required) add(field, 'required');
      else if (value !== '') add(field, 'blanks');
    } else if (hasControl(value)) add(field, 'control');
    else if (value !== value.trim()) add(field, 'blanks');
    else if (options.name && utf8Length(value) > NAME_BYTES) add(field, 'tooLong');
  };
  const byService = server.service.trim() !== '';

  text('name', server.name, { required: true });
  if (!isColour(server.background)) add('background', 'colour');
  if (!isColour(server.foreground)) add('foreground', 'colour');

  text('host', server.host, { required: !byService });
  if (!isPort(server.port)) add('port', 'port');
  text('database', server.database, { required: !byService, name: true });
  text('user', server.user, { required: !byService, name: true });
  text('role', server.role, { required: false, name: true });
  text('service', server.service, { required: false });

  if (server.ssl.key !== '' && server.ssl.cert === '') add('ssl.cert', 'certificateMissing');

  if (server.ssh.enabled) {
    text('ssh.host', server.ssh.host, { required: true });
    if (!isPort(server.ssh.port)) add('ssh.port', 'port');
    text('ssh.user', server.ssh.user, { required: true });
    if (server.ssh.auth === 'identity') text('ssh.identityFile', server.ssh.identityFile, { required: true });
    if (!isSeconds(server.ssh.keepAlive)) add('ssh.keepAlive', 'seconds');
    if (server.host.startsWith('/')) add('host', 'socketTunnel');
  }

  const listed = server.databaseRestriction;
  if (listed.some((name) => name.trim() === '')) add('databaseRestriction', 'emptyDatabase');
  else if (new Set(listed).size !== listed.length) add('databaseRestriction', 'duplicateDatabase');
  else if (listed.some((name) => utf8Length(name) > NAME_BYTES)) add('databaseRestriction', 'tooLong');
  if (splitCommandLine(server.passwordCommand) === null) add('passwordCommand', 'quotes');
  if (server.passwordCommandExpiry !== null && !isSeconds(server.passwordCommandExpiry))
    add('passwordCommandExpiry', 'seconds');
  text('applicationName', server.applicationName, { required: false, name: true });
  if (!isSeconds(server.connectTimeout)) add('connectTimeout', 'seconds');
  if (!isSeconds(server.statementTimeout)) add('statementTimeout', 'seconds');
  if (!isSeconds(server.keepAlive)) add('keepAlive', 'seconds');
  if (hasControl(server.options)) add('options', 'control');
  return problems;
}

/** Names of servers and groups must differ within their group, as in pgAdmin; case and outer blanks do not make a difference. */
export const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
