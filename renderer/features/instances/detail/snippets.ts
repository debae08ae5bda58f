/** How clients of several kinds are told to connect. Passwords are never part of it. */

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** The instance can encrypt; `verified`: and its certificate names this address. */
  readonly ssl: 'off' | 'on' | 'verified';
  /** File of the authority's certificate, as *Save* suggests it. */
  readonly authority: string;
}

export const CLIENTS = ['psql', 'uri', 'jdbc', 'dotnet', 'python', 'node'] as const;
export type Client = (typeof CLIENTS)[number];

const MODES = { off: '', on: 'require', verified: 'verify-full' } as const;

export function snippetOf(client: Client, target: Target): string {
  const { host, port, user, database, ssl, authority } = target;
  const mode = MODES[ssl];
  const root = ssl === 'verified' ? authority : '';
  const pairs = [...(mode === '' ? [] : [`sslmode=${mode}`]), ...(root === '' ? [] : [`sslrootcert=${root}`])];
  const query = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  switch (client) {
    case 'psql':
      return `psql "${[`host=${host}`, `port=${port}`, `user=${user}`, `dbname=${database}`, ...pairs].join(' ')}"`;
    case 'uri':
      return `postgresql://${encodeURIComponent(user)}@${host}:${port}/${encodeURIComponent(database)}${query}`;
    case 'jdbc':
      return `jdbc:postgresql://${host}:${port}/${encodeURIComponent(database)}?${[`user=${user}`, ...pairs].join('&')}`;
    case 'dotnet':
      return [
        `Host=${host}`,
        `Port=${port}`,
        `Username=${user}`,
        `Database=${database}`,
        ...(ssl === 'off' ? [] : [`SSL Mode=${ssl === 'verified' ? 'VerifyFull' : 'Require'}`]),
        ...(root === '' ? [] : [`Root Certificate=${root}`]),
      ].join(';');
    case 'python':
      return [
        'import psycopg',
        '',
        `connection = psycopg.connect("${[`host=${host}`, `port=${port}`, `user=${user}`, `dbname=${database}`, ...pairs].join(' ')}")`,
      ].join('\n');
    case 'node':
      return nodeSnippet(target);
  }
}

function nodeSnippet({ host, port, user, database, ssl, authority }: Target): string {
  const tls = {
    off: [],
    on: ['  ssl: { rejectUnauthorized: false },'],
    verified: [`  ssl: { ca: readFileSync('${authority}', 'utf8') },`],
  }[ssl];
  return [
    ...(ssl === 'verified' ? ["import { readFileSync } from 'node:fs';"] : []),
    "import { Client } from 'pg';",
    '',
    'const client = new Client({',
    `  host: '${host}',`,
    `  port: ${port},`,
    `  user: '${user}',`,
    `  database: '${database}',`,
    ...tls,
    '});',
    'await client.connect();',
  ].join('\n');
}
