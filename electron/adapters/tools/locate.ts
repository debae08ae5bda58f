import { readdir, realpath, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ClientTool } from '../../../shared/model/import';
import { runForText } from './run';

const NAMES = ['pg_dump', 'pg_restore', 'psql', 'pg_dumpall'] as const;
export type ToolName = ClientTool['name'];

const EXECUTABLE = process.platform === 'win32' ? '.exe' : '';

async function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Folders of installations that are not in PATH: distributions, Homebrew, Postgres.app, EDB. */
async function installationFolders(): Promise<string[]> {
  const perVersion = [
    ['/usr/lib/postgresql', 'bin'],
    ['/opt/homebrew/opt', 'bin'],
    ['/usr/local/opt', 'bin'],
    ['/Applications/Postgres.app/Contents/Versions', 'bin'],
    ['/Library/PostgreSQL', 'bin'],
    ['/opt/PostgreSQL', 'bin'],
    ['C:\\Program Files\\PostgreSQL', 'bin'],
  ] as const;
  const found: string[] = [];
  for (const [base, sub] of perVersion) {
    for (const name of await entries(base))
      if (/^(\d+|latest|postgresql(@\d+)?|libpq)/.test(name)) found.push(join(base, name, sub));
  }
  for (const name of await entries('/usr')) if (/^pgsql-\d+$/.test(name)) found.push(join('/usr', name, 'bin'));
  return found;
}

/** `15.20` out of `pg_dump (PostgreSQL) 15.20 (Debian …)`; null when the program is none of PostgreSQL's. */
export function toolVersion(text: string): { version: string; major: number } | null {
  const match = /\(PostgreSQL\) (\d+)((?:\.\d+)*)(?:devel|beta\d+|rc\d+)?/.exec(text);
  return match ? { version: `${match[1]}${match[2]}`, major: Number(match[1]) } : null;
}

async function readTool(
  path: string,
  name: ToolName,
  origin: ClientTool['origin'],
  signal: AbortSignal,
): Promise<ClientTool | null> {
  try {
    if (!(await stat(path)).isFile()) return null;
    const text = await runForText({ program: path, args: ['--version'], env: {}, acceptExits: [0], signal });
    const version = toolVersion(text);
    return version && { name, path, ...version, origin };
  } catch {
    return null;
  }
}

/** All client programs of this machine: chosen folders first, then PATH, then the usual places; each file once. */
export async function locateTools(chosen: readonly string[], signal: AbortSignal): Promise<ClientTool[]> {
  const folders: [string, ClientTool['origin']][] = [
    ...chosen.map((folder): [string, 'chosen'] => [folder, 'chosen']),
    ...(await installationFolders()).map((folder): [string, 'distribution'] => [folder, 'distribution']),
    ...(process.env['PATH'] ?? '')
      .split(delimiter)
      .filter(Boolean)
      .map((folder): [string, 'path'] => [folder, 'path']),
  ];
  const seen = new Set<string>();
  const tools: ClientTool[] = [];
  for (const [folder, origin] of folders) {
    for (const name of NAMES) {
      const path = join(folder, name + EXECUTABLE);
      const real = await realpath(path).catch(() => null);
      // Debian's /usr/bin/pg_dump is a wrapper that picks a version by itself; the wrapped programs are found in their own folders.
      if (real === null || seen.has(`${name} ${real}`) || real.endsWith('pg_wrapper')) continue;
      seen.add(`${name} ${real}`);
      const tool = await readTool(path, name, origin, signal);
      if (tool) tools.push(tool);
    }
  }
  return tools;
}

const byVersion = (a: ClientTool, b: ClientTool): number =>
  Number(b.origin === 'chosen') - Number(a.origin === 'chosen') ||
  b.version.localeCompare(a.version, 'en', { numeric: true });

/** The pg_dump for a server: a chosen one first, else the newest, at least as new as the server; null when there is none. */
export function chooseDump(tools: readonly ClientTool[], serverMajor: number): ClientTool | null {
  return tools.filter((tool) => tool.name === 'pg_dump' && tool.major >= serverMajor).toSorted(byVersion)[0] ?? null;
}

export function chooseRestore(tools: readonly ClientTool[]): ClientTool | null {
  return tools.filter((tool) => tool.name === 'pg_restore').toSorted((a, b) => byVersion(a, b))[0] ?? null;
}

/** First minor release of each major whose psql knows `\restrict`. */
const RESTRICT_SINCE: Readonly<Record<number, number>> = { 13: 22, 14: 17, 15: 14, 16: 10, 17: 6 };
/** First minor release of each major whose psql skips the data of a COPY that the server refused: the releases of August 2026. */
const SKIP_SINCE: Readonly<Record<number, number>> = { 14: 24, 15: 19, 16: 15, 17: 11, 18: 5 };

/** Minor releases are counted as `since` says; majors from `always` on are all new enough. */
function isSince(tool: ClientTool, since: Readonly<Record<number, number>>, always: number): boolean {
  const minor = Number(tool.version.split('.')[1] ?? 0);
  return tool.major >= always || minor >= (since[tool.major] ?? Infinity);
}

/**
 * The newest psql that can be kept from obeying commands in a script; null when there is none. Older ones would obey commands in the data
 * of a COPY that failed, so that a dump could run programs: scripts then go through our own connection.
 */
export function choosePsql(tools: readonly ClientTool[]): ClientTool | null {
  return tools.filter((tool) => tool.name === 'psql' && canRestrict(tool)).toSorted(byVersion)[0] ?? null;
}

/** The psql that a person types into: a chosen one first, else the newest; null when there is none. */
export function chooseTerminalPsql(tools: readonly ClientTool[]): ClientTool | null {
  return tools.filter((tool) => tool.name === 'psql').toSorted(byVersion)[0] ?? null;
}

export const canRestrict = (tool: ClientTool): boolean => isSince(tool, RESTRICT_SINCE, 18);

/** Others read the data of a COPY that the server refused as SQL: it must not be sent to them. */
export const skipsFailedCopy = (tool: ClientTool): boolean => isSince(tool, SKIP_SINCE, 19);
