import { execFile } from 'node:child_process';
import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../../shared/errors';
import { ensureBinaries, EMBEDDED, type FetchOptions, type ServerBinaries } from './binaries';
import { engineOf } from './engine';
import { serverEnvironment } from './environment';
import type { ClusterNode } from './node';

const run = promisify(execFile);

/** A folder whose entries each hold a server, and where its programs are in there. */
interface Place {
  readonly folder: string;
  readonly entry: RegExp;
  readonly bin: string;
}

const places = (home: string): readonly Place[] => [
  // Debian and Ubuntu.
  { folder: '/usr/lib/postgresql', entry: /^\d+$/, bin: 'bin' },
  // The packages of the PostgreSQL project for Red Hat and its kin.
  { folder: '/usr', entry: /^pgsql-\d+$/, bin: 'bin' },
  // EDB's installer.
  { folder: '/opt/PostgreSQL', entry: /^\d+$/, bin: 'bin' },
  { folder: '/Library/PostgreSQL', entry: /^\d+$/, bin: 'bin' },
  { folder: String.raw`C:\Program Files\PostgreSQL`, entry: /^\d+$/, bin: 'bin' },
  // Homebrew, on both kinds of Mac.
  { folder: '/opt/homebrew/opt', entry: /^postgresql@\d+$/, bin: 'bin' },
  { folder: '/usr/local/opt', entry: /^postgresql@\d+$/, bin: 'bin' },
  // Postgres.app.
  { folder: '/Applications/Postgres.app/Contents/Versions', entry: /^\d+$/, bin: 'bin' },
  { folder: join(home, 'Applications/Postgres.app/Contents/Versions'), entry: /^\d+$/, bin: 'bin' },
];

/** `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`. */
export function parseServerVersion(text: string): { major: number; version: string } | null {
  const [, version, major] = /\(PostgreSQL\) ((\d+)\.\d+)/.exec(text) ?? [];
  return version === undefined ? null : { major: Number(major), version };
}

async function lookAt(bin: string): Promise<ServerBinaries | null> {
  try {
    const real = await realpath(bin);
    // Both are needed: packages of client programs alone have neither.
    if (!(await readdir(real)).some((name) => /^initdb(?:\.exe)?$/.test(name))) return null;
    const { stdout } = await run(join(real, 'postgres'), ['--version'], { env: serverEnvironment(), timeout: 10_000 });
    const told = parseServerVersion(stdout);
    return told && { ...told, bin: real, origin: real };
  } catch {
    return null;
  }
}

/** Servers that are installed on this machine, the newest first. Asks each for its version. */
export async function machineBinaries(): Promise<ServerBinaries[]> {
  const found = new Map<string, ServerBinaries>();
  for (const { folder, entry, bin } of places(homedir())) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => entry.test(name));
    for (const name of names) {
      const server = await lookAt(join(folder, name, bin));
      if (server) found.set(server.bin, server);
    }
  }
  return [...found.values()].sort((one, other) => other.major - one.major || (one.bin < other.bin ? -1 : 1));
}

/**
 * The binaries that a node runs with: those its data was made by; for new data the embedded ones, or else, when they cannot be fetched, those
 * of the same major version that the machine has (`origin` tells which). Fails with `not-found` when a node's build is not on the machine any
 * more, `unreachable` when there is none at all.
 */
export async function binariesOf(
  node: Pick<ClusterNode, 'base' | 'major'>,
  options: FetchOptions = {},
): Promise<ServerBinaries> {
  const noted = await engineOf(node);
  if (noted && noted.origin !== EMBEDDED) {
    const own = await lookAt(noted.origin);
    if (own?.major === noted.major) return own;
    throw new AppError({
      code: 'not-found',
      message: `PostgreSQL ${noted.major} is not in ${noted.origin} any more`,
      hint: 'The data must not be opened by another build of PostgreSQL. Install it there again.',
    });
  }
  try {
    return await ensureBinaries(node.major, options);
  } catch (error) {
    if (noted || !(error instanceof AppError) || error.code === 'cancelled') throw error;
    const other = (await machineBinaries()).find(({ major }) => major === node.major);
    if (!other) throw error;
    return other;
  }
}
