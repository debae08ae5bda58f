import type { Readable } from 'node:stream';
import { openHandover } from '../../../adapters/postgres/handover';
import { openLocalForward } from '../../../adapters/postgres/local-forward';
import { connectionEnv } from '../../../adapters/tools/connection-env';
import { EMBEDDED_DUMP, startEmbeddedDump } from '../../../adapters/tools/embedded/embedded-pg-dump';
import { chooseDump, locateTools } from '../../../adapters/tools/locate';
import { exactPattern, startDump } from '../../../adapters/tools/pg-dump';
import { makePrivateFolder } from '../../../adapters/tools/private-folder';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { ConnectionProfile } from '../../../ports';
import { createDumpCutter, type CutDump } from './cut-dump';
import type { StructureEntry } from './entry';

export interface DumpStructureOptions {
  /** Of the source, to the database that is dumped. */
  readonly profile: ConnectionProfile;
  readonly sourceMajor: number;
  /** Name of an exported snapshot that lives until the dump is done; null: as it is now. */
  readonly snapshot: string | null;
  /** Schemas that are enough if the account may not read all of them; null: all. */
  readonly schemas: readonly string[] | null;
  readonly toolFolders: readonly string[];
  /** Private temporary folder. */
  readonly folder: string;
  readonly keepOwners: boolean;
  readonly keepPrivileges: boolean;
  readonly signal: AbortSignal;
  /** What pg_dump says beside the dump: warnings. */
  readonly onLine: (line: string) => void;
  /** Looks for client programs; another one in tests. */
  readonly findTools?: typeof locateTools;
  /** How long a table that somebody has locked is waited for; a minute when missing. */
  readonly lockWaitMs?: number;
}

/** First pg_dump that can dump extensions beside chosen schemas. */
const EXTENSION_OPTION = 14;

const LOCK_WAIT_MS = 60_000;

/** What is tried once the plain way has failed. */
interface Way {
  readonly onlySchemas: boolean;
  /** Bytes as they are: of a database without encoding that holds some that are no UTF-8. */
  readonly anyBytes: boolean;
}

function dumpArguments(options: DumpStructureOptions, programMajor: number, { onlySchemas, anyBytes }: Way): string[] {
  const { snapshot, schemas, keepOwners, keepPrivileges, lockWaitMs = LOCK_WAIT_MS } = options;
  return [
    '--format=plain',
    '--schema-only',
    `--encoding=${anyBytes ? 'SQL_ASCII' : 'UTF8'}`,
    // Writes the oid of each object into its comment.
    '--verbose',
    '--no-publications',
    '--no-subscriptions',
    `--lock-wait-timeout=${lockWaitMs}`,
    ...(snapshot === null ? [] : [`--snapshot=${snapshot}`]),
    ...(keepOwners ? [] : ['--no-owner']),
    ...(keepPrivileges ? [] : ['--no-privileges']),
    ...(onlySchemas ? (schemas ?? []).map((schema) => `--schema=${exactPattern(schema)}`) : []),
    ...(onlySchemas && programMajor >= EXTENSION_OPTION ? ['--extension=*'] : []),
  ];
}

/** `--verbose` tells each step; only what is wrong is passed on. */
const TELLING = /\b(?:warning|error|detail|hint|fatal)\b:/i;

async function cut(stdout: Readable): Promise<CutDump> {
  const cutter = createDumpCutter();
  for await (const chunk of stdout as AsyncIterable<Buffer>) cutter.push(chunk);
  return cutter.end();
}

/** Reads the dump while the program runs. Its own words are better than what the end of its stream says. */
async function whole(stdout: Readable, done: Promise<unknown>): Promise<CutDump> {
  const [ended, read] = await Promise.allSettled([done, cut(stdout)]);
  if (ended.status === 'rejected') throw ended.reason;
  if (read.status === 'rejected') throw read.reason;
  return read.value;
}

async function dumpByProgram(
  options: DumpStructureOptions,
  tool: { readonly path: string; readonly major: number },
  way: Way,
  onErrorLine: (line: string) => void,
): Promise<CutDump> {
  const { profile, signal } = options;
  const folder = await makePrivateFolder(options.folder);
  const forward = profile.ssh.enabled ? await openLocalForward(profile, signal).catch(folderGone(folder.remove)) : null;
  try {
    const env = await connectionEnv(profile, profile.applicationName, folder, forward);
    const running = startDump({
      program: tool.path,
      args: dumpArguments(options, tool.major, way),
      env,
      signal,
      onErrorLine,
    });
    return await whole(running.stdout, running.done);
  } finally {
    forward?.close();
    await folder.remove();
  }
}

const folderGone =
  (remove: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await remove();
    throw error;
  };

async function dumpEmbedded(
  options: DumpStructureOptions,
  way: Way,
  onErrorLine: (line: string) => void,
): Promise<CutDump> {
  const { profile, signal } = options;
  const handover = await openHandover(profile, signal);
  try {
    const running = startEmbeddedDump({
      stream: handover.stream,
      database: profile.database,
      user: profile.user,
      parameters: handover.parameters,
      args: dumpArguments(options, EMBEDDED_DUMP.major, way),
      signal,
      onErrorLine,
    });
    running.done.catch(() => handover.cancel().catch(() => undefined));
    return await whole(running.stdout, running.done);
  } finally {
    handover.release();
  }
}

/**
 * The structure of a database as entries, in the order in which they can be made. By a pg_dump of this machine that is as new as the source,
 * else by the built-in one; through the tunnel of the profile. Everything is dumped, so that what a selection needs is there; where the account
 * may not read some table, only `schemas`. Fails with `tool`, `unsupported`, `cancelled`, with `sql` of state
 * 55P03 while somebody keeps a table locked, and as connecting does.
 */
export async function dumpStructure(options: DumpStructureOptions): Promise<StructureEntry[]> {
  const { sourceMajor, signal } = options;
  const tool = chooseDump(await (options.findTools ?? locateTools)(options.toolFolders, signal), sourceMajor);
  if (!tool && sourceMajor > EMBEDDED_DUMP.major)
    throw new AppError({
      code: 'unsupported',
      message: `No pg_dump ${sourceMajor} or newer was found on this machine`,
      hint: `Install the PostgreSQL client programs ${sourceMajor} or newer, or choose their folder in the settings.`,
    });
  const onErrorLine = (line: string): void => {
    if (TELLING.test(line)) options.onLine(line.replace(/^pg_dump: /, ''));
  };
  const dump = async (given: DumpStructureOptions, way: Way): Promise<CutDump> => {
    try {
      const made = await (tool ? dumpByProgram(given, tool, way, onErrorLine) : dumpEmbedded(given, way, onErrorLine));
      if (made.standardStrings || given !== options) return made;
    } catch (error) {
      throwIfAborted(signal);
      const { schemas } = options;
      if (saidOf(error, /permission denied/i) && !way.onlySchemas && schemas !== null && schemas.length > 0)
        return dump(given, { ...way, onlySchemas: true });
      if (saidOf(error, /invalid byte sequence for encoding/i) && !way.anyBytes)
        return dump(given, { ...way, anyBytes: true });
      throw saidOf(error, LOCKED) ? busy(error, options) : error;
    }
    // Everything after this reads constants as the standard has them: the dump is made again in such a session.
    const session = `${options.profile.options} -c standard_conforming_strings=on`.trim();
    return dump({ ...options, profile: { ...options.profile, options: session } }, way);
  };
  const { entries, damaged } = await dump(options, { onlySchemas: false, anyBytes: false });
  for (const key of damaged)
    options.onLine(`warning: ${key} holds bytes that are no UTF-8; they were replaced, look at it on the target`);
  return entries;
}

const saidOf = (error: unknown, words: RegExp): boolean =>
  error instanceof AppError && error.code === 'tool' && words.test(`${error.message} ${error.info.detail ?? ''}`);

/** pg_dump limits its waits for locks by the time that a statement may take. */
const LOCKED = /due to (?:statement|lock) timeout[^]*\bLOCK TABLE\b/i;
const LOCK_NOT_AVAILABLE = '55P03';

const busy = (error: unknown, { profile, lockWaitMs = LOCK_WAIT_MS }: DumpStructureOptions): AppError =>
  new AppError(
    {
      code: 'sql',
      message: `A table of ${profile.database} stayed locked for ${Math.ceil(lockWaitMs / 1000)} seconds, so that its structure could not be read`,
      hint: 'Look on the source for sessions that hold an exclusive lock (ALTER TABLE, TRUNCATE, VACUUM FULL, …), let them end, then go on.',
      sqlstate: LOCK_NOT_AVAILABLE,
      retry: true,
    },
    { cause: error },
  );
