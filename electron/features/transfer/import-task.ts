import { countObjects, countRows, listTables, parseTableName } from './counts';
import { AppError, cancelled, errorInfo, type ErrorInfo } from '../../../shared/errors';
import type { ImportPlan } from '../../../shared/contract/transfer';
import type { ImportReport, ReportRow } from '../../../shared/model/import';
import type { TaskControl } from '../../ports';
import { createCollector, type Collector } from './collector';
import { loadSource, type LoadDeps, type LoadResult } from './import-run';
import { createDatabase, describeTarget, dropDatabase, runHint, withSession } from './target';

/** Steps of an import and their weights; keys of the translations of `tasks.steps`. */
export function importSteps(plan: ImportPlan): { key: string; weight: number }[] {
  return [
    ...(plan.target.create ? [{ key: 'import-create', weight: 2 }] : []),
    { key: 'import-load', weight: 80 },
    ...(plan.options.analyze ? [{ key: 'import-analyze', weight: 6 }] : []),
    { key: 'import-compare', weight: 12 },
  ];
}

export interface ImportJob {
  readonly plan: ImportPlan;
  readonly filePath: string | null;
  /** Encoding for a database to be made; empty is the server's. */
  readonly encoding: string;
  readonly commands: readonly string[];
}

/** The whole import as a task: always ends with a report, then fails when the import failed. */
export async function runImport(
  deps: LoadDeps,
  job: ImportJob,
  control: TaskControl,
  keepReport: (report: ImportReport) => Promise<void>,
): Promise<void> {
  const started = Date.now();
  const { plan } = job;
  const collector = createCollector(control, () => undefined);
  let created = false;
  let loaded: LoadResult | null = null;
  let compared: Pick<ImportReport, 'tables' | 'objects'> = { tables: [], objects: [] };
  let failure: ErrorInfo | null = null;
  try {
    if (plan.target.create) {
      control.step('import-create');
      await makeDatabase(deps, job, control);
      created = true;
    }
    control.step('import-load');
    const targetVersion = await versionOf(deps, plan, control.signal);
    loaded = await loadSource(deps, {
      plan,
      filePath: job.filePath,
      control,
      signal: control.signal,
      collector,
      targetVersion,
    });
    if (loaded.stopped) failure = stoppedAt(collector);
    else {
      if (plan.options.analyze) {
        control.step('import-analyze');
        await analyze(deps, plan, control);
      }
      control.step('import-compare');
      compared = await compare(deps, plan, loaded, control);
    }
  } catch (error) {
    failure = control.signal.aborted ? cancelled().info : errorInfo(error);
  }
  const rolledBack = failure !== null && (loaded === null || loaded.stopped) && plan.options.singleTransaction;
  if (failure) failure = withHint(failure);
  const targetState =
    failure && (created || !plan.target.create)
      ? await describeTarget(deps.connections, plan.target.serverId, plan.target.database, created, rolledBack)
      : failure
        ? `Database ${plan.target.database} was not created: nothing was changed.`
        : '';
  if (targetState) control.log('info', targetState);
  const { counts } = collector;
  await keepReport({
    taskId: control.id,
    outcome:
      failure === null
        ? counts.errors > 0
          ? 'succeeded-with-errors'
          : 'succeeded'
        : failure.code === 'cancelled'
          ? 'cancelled'
          : 'failed',
    error: failure,
    ...compared,
    skipped: collector.skipped,
    counts,
    adapted: collector.adaptations,
    commands: job.commands,
    targetState,
    seconds: (Date.now() - started) / 1000,
    canUndo: created,
  });
  if (failure?.code === 'bug') throw new Error(failure.message, { cause: failure });
  if (failure) throw new AppError(failure);
}

function stoppedAt(collector: Collector): ErrorInfo {
  const { first } = collector;
  const hint = first ? runHint(first.sqlstate, first.message) || first.hint : '';
  return {
    code: 'sql',
    message: first
      ? `${first.line > 0 ? `Line ${first.line}: ` : ''}${first.message}`
      : 'The import stopped at an error',
    ...(first?.detail ? { detail: first.detail } : {}),
    ...(hint ? { hint } : {}),
    ...(first?.sqlstate ? { sqlstate: first.sqlstate } : {}),
  };
}

function withHint(failure: ErrorInfo): ErrorInfo {
  if (failure.hint) return failure;
  const hint =
    runHint(failure.sqlstate ?? '', `${failure.message}\n${failure.detail ?? ''}`) ||
    (failure.code === 'lost-connection' ? runHint('08006', '') : '');
  return hint ? { ...failure, hint } : failure;
}

async function makeDatabase(deps: LoadDeps, job: ImportJob, control: TaskControl): Promise<void> {
  const { serverId, database } = job.plan.target;
  await withSession(deps.connections, serverId, null, control.signal, async (session) => {
    try {
      await createDatabase(session, database, job.encoding, control.signal);
    } catch (error) {
      const info = errorInfo(error);
      if (info.sqlstate !== '42P04') throw error;
      throw new AppError(
        {
          ...info,
          code: 'conflict',
          message: `There is a database ${database} already`,
          hint: 'Choose another name, or import into the existing database.',
          field: 'plan.target.database',
        },
        { cause: error },
      );
    }
  });
  control.log('info', `Created database ${database}`);
}

const versionOf = (deps: LoadDeps, plan: ImportPlan, signal: AbortSignal): Promise<number> =>
  withSession(deps.connections, plan.target.serverId, plan.target.database, signal, (session) =>
    Promise.resolve(session.serverVersionNum),
  );

async function analyze(deps: LoadDeps, plan: ImportPlan, control: TaskControl): Promise<void> {
  control.progress(null, '');
  await withSession(deps.connections, plan.target.serverId, plan.target.database, control.signal, (session) =>
    session.query('ANALYZE', [], control.signal),
  );
}

/** Rows source beside target, table by table, and objects by kind. */
async function compare(
  deps: LoadDeps,
  plan: ImportPlan,
  loaded: LoadResult,
  control: TaskControl,
): Promise<Pick<ImportReport, 'tables' | 'objects'>> {
  const { signal } = control;
  const source = new Map(
    [...loaded.rows].map(([name, rows]) => {
      const table = parseTableName(name);
      return [`${table.schema}.${table.name}`, { ...table, rows }];
    }),
  );
  const { target, tables } = await withSession(
    deps.connections,
    plan.target.serverId,
    plan.target.database,
    signal,
    async (session) => {
      const rows: ReportRow[] = [];
      const present = await listTables(session, signal);
      for (const [index, table] of present.entries()) {
        control.progress(index / present.length, `${table.schema}.${table.name}`);
        const key = `${table.schema}.${table.name}`;
        rows.push({
          ...table,
          sourceRows: source.get(key)?.rows ?? null,
          targetRows: await countRows(session, table, signal),
        });
        source.delete(key);
      }
      return { target: await countObjects(session, signal), tables: rows };
    },
  );
  const missing = [...source.values()].map((each) => ({
    schema: each.schema,
    name: each.name,
    sourceRows: each.rows,
    targetRows: null,
  }));
  const origin = plan.source.kind === 'database' ? plan.source : null;
  const whole =
    plan.options.schemas.length === 0 && plan.options.tables.length === 0 && plan.options.content !== 'data';
  const there =
    origin && whole
      ? await withSession(deps.connections, origin.serverId, origin.database, signal, (session) =>
          countObjects(session, signal),
        )
      : null;
  const kinds = [...new Set([...target.keys(), ...(there?.keys() ?? [])])].toSorted();
  return {
    tables: [...tables, ...missing],
    objects: kinds.map((kind) => ({
      kind,
      source: there ? (there.get(kind) ?? 0) : null,
      target: target.get(kind) ?? 0,
    })),
  };
}

/** Drops the database that an import made. */
export async function undoImport(
  deps: Pick<LoadDeps, 'connections'>,
  plan: ImportPlan,
  signal: AbortSignal,
): Promise<void> {
  await withSession(deps.connections, plan.target.serverId, null, signal, (session) =>
    dropDatabase(session, plan.target.database, signal),
  );
}
