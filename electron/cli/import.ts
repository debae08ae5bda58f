import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makePrivateFolder, sweepPrivateFolders } from '../adapters/tools/private-folder';
import { createFileTokens } from '../adapters/storage/file-tokens';
import { createTransferFeature } from '../features/transfer/transfer-feature';
import { createLogger } from '../log';
import { AppError, errorInfo } from '../../shared/errors';
import type { ImportPlan } from '../../shared/contract/transfer';
import type { Finding, ImportReport } from '../../shared/model/import';
import { parseObjectName } from '../../shared/model/object-name';
import { parseArgs, usageError } from './args';
import { createCliConnections } from './connections';
import { EXIT, type CommandIo } from './io';
import { createCliTask } from './task';

const FLAGS = [
  'create',
  'keep-owner',
  'keep-privileges',
  'single-transaction',
  'stop-on-error',
  'clean',
  'no-analyze',
  'schema-only',
  'data-only',
  'allow-commands',
  'quiet',
  'json',
];
const OPTIONS = ['to', 'schema', 'table', 'jobs', 'encoding', 'tools'];
const IS_CONNECTION = /^(?:postgres(?:ql)?:\/\/|\w+\s*=)/;

/** `howdah import FILE|URI --to URI`: exit code 0, 1 (failed), 2 (usage) or 3 (done, with errors in statements). */
export async function importCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const parsed = parseArgs(args, { flags: FLAGS, options: OPTIONS });
  const [source, ...more] = parsed.operands;
  const to = parsed.value('to');
  if (source === undefined || more.length > 0) throw usageError('Name one file or one source database');
  if (to === undefined) throw usageError('Name the target: --to postgresql://user@host:port/database');
  if (parsed.has('schema-only') && parsed.has('data-only'))
    throw usageError('--schema-only and --data-only exclude each other');
  const jobs = Number(parsed.value('jobs') ?? '1');
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64) throw usageError('--jobs is a number from 1 to 64');

  const log = createLogger(null);
  const quietLog = { ...log, write: () => undefined };
  const connections = createCliConnections(quietLog);
  const files = createFileTokens();
  const target = connections.add(to);
  const origin = IS_CONNECTION.test(source) && !existsSync(source) ? connections.add(source) : null;
  const plan: ImportPlan = {
    source: origin ? { kind: 'database', ...origin } : { kind: 'file', fileToken: files.add(resolve(source), 'read') },
    target: { ...target, create: parsed.has('create'), encoding: parsed.value('encoding') ?? '' },
    options: {
      content: parsed.has('schema-only') ? 'structure' : parsed.has('data-only') ? 'data' : 'all',
      schemas: [...parsed.all('schema')],
      tables: parsed.all('table').map(qualifiedName),
      noOwner: !parsed.has('keep-owner'),
      noPrivileges: !parsed.has('keep-privileges'),
      clean: parsed.has('clean'),
      singleTransaction: parsed.has('single-transaction'),
      stopOnError: parsed.has('stop-on-error'),
      jobs,
      analyze: !parsed.has('no-analyze'),
      allowUnsafeCommands: parsed.has('allow-commands'),
    },
  };

  const json = parsed.has('json');
  const talk = !json && !parsed.has('quiet');
  const task = createCliTask(io.signal, {
    log: (level, text) => {
      if (talk && (level === 'error' || level === 'warning')) io.err(`${level}: ${text}`);
    },
    step: (key) => {
      if (talk) io.err(STEPS[key] ?? key);
    },
    progress: () => undefined,
  });
  // One place for all runs of this account, so that the next one finds what a killed one left.
  const parent = join(tmpdir(), `howdah-cli-${process.getuid?.() ?? 'user'}`);
  await sweepPrivateFolders(parent);
  const folder = await makePrivateFolder(parent);
  const feature = createTransferFeature({
    connections,
    runner: task.runner,
    files,
    toolFolders: () => parsed.all('tools'),
    folder: folder.path,
    tempFolder: join(folder.path, 'private'),
    log: quietLog,
  });
  try {
    const findings = await feature.handlers.check({ plan }, { signal: io.signal });
    if (talk) for (const finding of findings) if (finding.level !== 'ok') io.err(describe(finding));
    const { taskId } = await feature.handlers.start({ plan }, { signal: io.signal });
    const failure = await task.ended;
    const { report } = await feature.handlers.result({ taskId }, { signal: io.signal });
    if (!report) throw new AppError(failure ?? { code: 'bug', message: 'The import left no report' });
    if (json) io.out(JSON.stringify({ ...report, findings }));
    else tell(report, io);
    return report.outcome === 'succeeded'
      ? EXIT.ok
      : report.outcome === 'succeeded-with-errors'
        ? EXIT.withErrors
        : EXIT.failed;
  } catch (error) {
    const info = errorInfo(error);
    if (json) io.out(JSON.stringify({ outcome: 'failed', error: info }));
    else io.err([`error: ${info.message}`, info.detail, info.hint && `hint: ${info.hint}`].filter(Boolean).join('\n'));
    return EXIT.failed;
  } finally {
    await feature.close();
    await folder.remove();
  }
}

/** `schema.name` as the plan writes it; parts may be quoted as in SQL, a name alone is of `public`. */
function qualifiedName(text: string): string {
  const name = parseObjectName(text);
  if (name === null && !text.includes('.')) throw usageError(`"${text}" is no table name`);
  return name === null ? text : `${name.schema ?? 'public'}.${name.name}`;
}

const STEPS: Readonly<Record<string, string>> = {
  'import-create': 'creating the database',
  'import-load': 'importing',
  'import-analyze': 'collecting statistics',
  'import-compare': 'counting rows',
};

const describe = (finding: Finding): string =>
  `${finding.level === 'blocking' ? 'blocked' : 'warning'} (${finding.key}): ${finding.found}. ${finding.fix}`;

function tell(report: ImportReport, io: CommandIo): void {
  const rows = report.tables.reduce((sum, table) => sum + (table.targetRows ?? 0), 0);
  const differing = report.tables.filter((table) => table.sourceRows !== null && table.sourceRows !== table.targetRows);
  for (const each of report.adapted) io.out(`left out or rewritten: ${each.reason} (${each.count})`);
  for (const table of differing)
    io.out(
      `differs: ${table.schema}.${table.name}: ${table.sourceRows} rows in the source, ${table.targetRows ?? 'none'} in the target`,
    );
  if (report.error) {
    io.err(`error: ${report.error.message}`);
    if (report.error.hint) io.err(`hint: ${report.error.hint}`);
    io.err(report.targetState);
  } else
    io.out(
      `${report.outcome}: ${report.tables.length} tables, ${rows.toLocaleString('en')} rows, ${report.counts.errors} errors, ${report.seconds.toFixed(1)} s`,
    );
}
