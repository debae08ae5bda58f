import { openSession } from '../../adapters/postgres/session';
import { openHandover } from '../../adapters/postgres/handover';
import { openLocalForward, type LocalForward } from '../../adapters/postgres/local-forward';
import { connectionEnv } from '../../adapters/tools/connection-env';
import { recogniseFile, type DumpFile } from '../../adapters/tools/dump-file';
import { EMBEDDED_DUMP } from '../../adapters/tools/embedded/embedded-pg-dump';
import { chooseDump, choosePsql, chooseRestore, skipsFailedCopy } from '../../adapters/tools/locate';
import { makePrivateFolder, type PrivateFolder } from '../../adapters/tools/private-folder';
import { restoreArchive } from '../../adapters/tools/pg-restore';
import { startPsql } from '../../adapters/tools/psql';
import type { ImportPlan } from '../../../shared/contract/transfer';
import { AppError, errorInfo, throwIfAborted } from '../../../shared/errors';
import type { ClientTool } from '../../../shared/model/import';
import { quoteIdent } from '../../../shared/model/quote';
import type { ConnectionProfile, Connections, TaskControl } from '../../ports';
import type { Collector } from './collector';
import { inParallel } from './commands';
import { psqlEngine, sessionEngine, type RunningEngine } from './engines';
import { archiveSource, dumpSource, embeddedDumpSource, fileSource, type ScriptSource } from './import-source';
import { feedScript } from './script-feed';
import { endSessions, runHint } from './target';

/** The part of an import that moves the data: a script or archive goes into a database that exists. */

export interface LoadDeps {
  readonly connections: Connections;
  readonly tools: readonly ClientTool[];
  readonly tempFolder: string;
}

export interface LoadResult {
  /** Rows that the script brought, by table as it names it; null where they can't be counted. */
  readonly rows: ReadonlyMap<string, number | null>;
  /** It stopped at an error, as asked. */
  readonly stopped: boolean;
}

export interface Load {
  readonly plan: ImportPlan;
  /** Of a file source. */
  readonly filePath: string | null;
  readonly control: TaskControl;
  readonly signal: AbortSignal;
  readonly collector: Collector;
  readonly targetVersion: number;
}

/** Everything that must be given back at the end, whatever happens. */
interface Held {
  readonly folder: PrivateFolder;
  readonly forwards: LocalForward[];
  readonly names: { readonly serverId: string; readonly name: string }[];
}

/**
 * Loads the source into the target. Statement errors are in the collector; fails with what ended the run early. Afterwards no program, no
 * session, no password file of it is left.
 */
export async function loadSource(deps: LoadDeps, load: Load): Promise<LoadResult> {
  const held: Held = { folder: await makePrivateFolder(deps.tempFolder), forwards: [], names: [] };
  let failed = true;
  try {
    const result = await run(deps, load, held);
    failed = false;
    return result;
  } finally {
    for (const forward of held.forwards) forward.close();
    await held.folder.remove();
    if (failed) {
      for (const { serverId, name } of held.names)
        await endSessions(deps.connections, serverId, [name]).catch(() => undefined);
    }
  }
}

/** The environment in which a program reaches a database of a registered server. */
async function reach(
  deps: LoadDeps,
  load: Load,
  held: Held,
  serverId: string,
  database: string,
  part: string,
): Promise<{ env: Record<string, string>; profile: ConnectionProfile }> {
  const profile = await deps.connections.profile(serverId, database, load.signal);
  const name = `howdah-${load.control.id.slice(0, 36)}-${part}`;
  let forward: LocalForward | null = null;
  if (profile.ssh.enabled) {
    forward = await openLocalForward(profile, load.signal);
    held.forwards.push(forward);
  }
  held.names.push({ serverId, name });
  const env = await connectionEnv(profile, name, held.folder, forward);
  return { env, profile: { ...profile, applicationName: name } };
}

async function run(deps: LoadDeps, load: Load, held: Held): Promise<LoadResult> {
  const { plan } = load;
  const file = load.filePath === null ? null : await recogniseFile(load.filePath);
  if (file && (file.kind === 'unknown' || file.kind === 'directory'))
    throw new AppError({
      code: 'file',
      message: `${file.name} is not a dump that can be imported`,
      hint: file.problem,
    });
  const target = await reach(deps, load, held, plan.target.serverId, plan.target.database, 'in');
  await makeSchemas(load, target.profile);
  if (file && inParallel(plan, file)) return restoreInParallel(deps, load, file, target.env);
  const ender = new AbortController();
  const signal = AbortSignal.any([load.signal, ender.signal]);
  const source = await openSource(deps, load, held, file, signal);
  try {
    const engine = await openEngine(deps, load, target);
    return await pump(load, source, engine);
  } finally {
    source.close();
    ender.abort();
  }
}

/** Chosen tables, and chosen schemas of an archive, come without the CREATE SCHEMA that they need. */
async function makeSchemas({ plan, signal }: Load, profile: ConnectionProfile): Promise<void> {
  const { options, source } = plan;
  if (options.content === 'data' || (options.tables.length === 0 && source.kind === 'database')) return;
  const names = new Set([...options.schemas, ...options.tables.map((table) => table.slice(0, table.indexOf('.')))]);
  if (names.size === 0) return;
  const session = await openSession(profile, signal);
  try {
    for (const name of names) await session.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdent(name)}`, [], signal);
  } finally {
    await session.end();
  }
}

async function openSource(
  deps: LoadDeps,
  load: Load,
  held: Held,
  file: DumpFile | null,
  signal: AbortSignal,
): Promise<ScriptSource> {
  const { plan, collector, control } = load;
  if (plan.source.kind === 'database') {
    const { serverId, database } = plan.source;
    const { env, profile } = await reach(deps, load, held, serverId, database, 'out');
    const onLine = (line: string): void => control.log('info', line.replace(/^pg_dump: /, ''));
    const handover = await openHandover(profile, signal);
    const tool = chooseDump(deps.tools, handover.major);
    if (!tool && handover.major <= EMBEDDED_DUMP.major)
      return embeddedDumpSource(handover, profile, plan.options, signal, onLine);
    handover.release();
    if (!tool) throw noTool('pg_dump', handover.major);
    return dumpSource(tool.path, plan.options, env, signal, onLine);
  }
  if (!file) throw new AppError({ code: 'file', message: 'The file is not known any more', hint: 'Choose it again.' });
  if (file.kind === 'plain') return fileSource(file);
  const tool = chooseRestore(deps.tools);
  if (!tool) throw noTool('pg_restore', 0);
  return archiveSource(file, tool.path, plan.options, signal, (message) => collector.add(message));
}

export function noTool(name: string, major: number): AppError {
  return new AppError({
    code: 'unsupported',
    message:
      major > 0 ? `No ${name} ${major} or newer was found on this machine` : `No ${name} was found on this machine`,
    hint: `Install the PostgreSQL client programs${major > 0 ? ` ${major} or newer` : ''} (Debian: apt install postgresql-client), or choose their folder in the settings.`,
  });
}

async function openEngine(
  deps: LoadDeps,
  load: Load,
  target: { env: Record<string, string>; profile: ConnectionProfile },
): Promise<RunningEngine> {
  const { plan, collector, control, signal } = load;
  const { singleTransaction, stopOnError } = plan.options;
  const psql = choosePsql(deps.tools);
  if (psql) {
    return psqlEngine(
      startPsql({
        program: psql.path,
        env: target.env,
        singleTransaction,
        stopOnError: stopOnError || singleTransaction,
        restricted: true,
        skipsFailedCopy: skipsFailedCopy(psql),
        signal,
        onMessage: (message) => collector.add(message),
        onOutput: (text) => {
          if (plan.options.allowUnsafeCommands && text.trim() !== '') control.log('info', text.trim().slice(0, 2000));
        },
      }),
    );
  }
  control.log('info', 'No psql that can be restricted was found: the script runs over the program’s own connection.');
  const session = await openSession(target.profile, signal);
  signal.addEventListener('abort', () => void session.end(), { once: true });
  return sessionEngine(session, { singleTransaction, stopOnError, onMessage: (message) => collector.add(message) });
}

async function pump(load: Load, source: ScriptSource, running: RunningEngine): Promise<LoadResult> {
  const { plan, control, signal, collector } = load;
  try {
    const { rows } = await feedScript(source.stream, running.engine, {
      choice: { ...plan.options, targetVersion: load.targetVersion },
      allowUnsafe: plan.options.allowUnsafeCommands,
      signal,
      onAdapted: (...what) => collector.adapted(...what),
      onProgress: (table, taken) => {
        if (collector.fatal) throw fatalError(collector);
        const total = source.totalBytes;
        control.bytes(total > 0 ? source.position() : taken, total);
        control.progress(total > 0 ? Math.min(1, source.position() / total) : null, table);
      },
    });
    throwIfAborted(signal);
    if (!running.engine.ended) await source.done;
    const { stopped } = await running.finish();
    if (collector.fatal) throw fatalError(collector);
    return { rows, stopped };
  } catch (error) {
    await running.abandon();
    throwIfAborted(load.signal);
    const explained = source.explain(error);
    if (collector.fatal) throw fatalError(collector);
    throw explained;
  }
}

/** The failure that a fatal message stands for. */
export function fatalError(collector: Collector): AppError {
  const { fatal } = collector;
  const sqlstate = fatal?.sqlstate ?? '';
  const hint = runHint(sqlstate, fatal?.message ?? '');
  return new AppError({
    code: sqlstate === '' || /^(57P|08)/.test(sqlstate) ? 'lost-connection' : 'sql',
    message: fatal?.message ?? 'The import ended early',
    ...(fatal?.detail ? { detail: fatal.detail } : {}),
    ...(hint ? { hint } : {}),
    ...(sqlstate ? { sqlstate } : {}),
  });
}

async function restoreInParallel(
  deps: LoadDeps,
  load: Load,
  file: DumpFile,
  env: Readonly<Record<string, string>>,
): Promise<LoadResult> {
  const { plan, control, collector, signal } = load;
  const tool = chooseRestore(deps.tools);
  if (!tool) throw noTool('pg_restore', 0);
  const ender = new AbortController();
  let items = 0;
  const running = restoreArchive(
    {
      program: tool.path,
      path: file.path,
      content: null,
      signal: AbortSignal.any([signal, ender.signal]),
      onMessage: (message) => {
        collector.add(message);
        if (message.level === 'info') control.progress(null, `${(items += 1)} items: ${message.message}`);
        if (collector.fatal) ender.abort();
      },
    },
    plan.options,
    plan.options.jobs,
    plan.options.stopOnError,
    env,
  );
  running.stdout.resume();
  try {
    const { exitCode } = await running.done;
    return { rows: new Map(), stopped: exitCode !== 0 && plan.options.stopOnError };
  } catch (error) {
    throwIfAborted(signal);
    if (collector.fatal) throw fatalError(collector);
    const info = errorInfo(error);
    const hint = runHint(info.sqlstate ?? '', info.message);
    throw new AppError({ ...info, ...(hint ? { hint } : {}) }, { cause: error });
  }
}
