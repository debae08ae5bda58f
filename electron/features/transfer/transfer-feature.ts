import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recogniseFile } from '../../adapters/tools/dump-file';
import { EMBEDDED_DUMP } from '../../adapters/tools/embedded/embedded-pg-dump';
import { locateTools } from '../../adapters/tools/locate';
import { sweepPrivateFolders } from '../../adapters/tools/private-folder';
import type { Handlers } from '../../../shared/contract/define';
import type { ImportPlan, transfer } from '../../../shared/contract/transfer';
import { AppError, errorInfo } from '../../../shared/errors';
import type { ClientTool, DumpPreview } from '../../../shared/model/import';
import type { Logger } from '../../log';
import type { Connections, FileTokens, TaskRunner } from '../../ports';
import { checkImport } from './checks';
import { commandLines } from './commands';
import { openImportHistory } from './import-history';
import { importSteps, runImport, undoImport } from './import-task';
import { previewFile } from './preview';
import { reportText } from './report-text';
import { withSession } from './target';

export interface TransferDeps {
  readonly connections: Connections;
  readonly runner: TaskRunner;
  readonly files: FileTokens;
  /** The person's own folders with client programs, as of now. */
  readonly toolFolders: () => readonly string[];
  /** Keeps the reports of imports. */
  readonly folder: string;
  /** Holds password files while programs run. */
  readonly tempFolder: string;
  readonly log: Logger;
  /** How client programs are found; default: on this machine. */
  readonly findTools?: typeof locateTools;
}

export interface TransferFeature {
  readonly handlers: Handlers<typeof transfer>;
  /** Removes what is left in the temporary folder. Running imports end with their tasks. */
  close(): Promise<void>;
}

const TOOL_SEARCH_MS = 20_000;

const EMBEDDED: ClientTool = {
  name: 'pg_dump',
  path: '',
  version: EMBEDDED_DUMP.version,
  major: EMBEDDED_DUMP.major,
  origin: 'embedded',
};

/** Imports: preview, checks, the run as a task, its report. */
export function createTransferFeature(deps: TransferDeps): TransferFeature {
  const { connections, runner, files, log } = deps;
  const history = openImportHistory(join(deps.folder, 'imports'));
  const swept = sweepPrivateFolders(deps.tempFolder).catch((error: unknown) =>
    log.write('warn', 'temporary folder could not be swept', { reason: errorInfo(error).message }),
  );
  let located: { readonly folders: string; readonly tools: Promise<ClientTool[]> } | null = null;
  /** The search is shared by all callers, so none of them may abort it. */
  const tools = (anew = false): Promise<ClientTool[]> => {
    const folders = JSON.stringify(deps.toolFolders());
    if (anew || located?.folders !== folders)
      located = {
        folders,
        tools: (deps.findTools ?? locateTools)(deps.toolFolders(), AbortSignal.timeout(TOOL_SEARCH_MS)),
      };
    return located.tools;
  };
  /** Previews by path, size and time would go stale silently: a preview belongs to one path and is made anew by `preview`. */
  const previews = new Map<string, DumpPreview>();
  const previewOf = async (plan: ImportPlan, signal: AbortSignal): Promise<DumpPreview | null> => {
    if (plan.source.kind !== 'file') return null;
    const path = files.path(plan.source.fileToken, 'read');
    const preview = previews.get(path) ?? (await previewFile(path, await tools(), signal));
    previews.set(path, preview);
    return preview;
  };
  const pathOf = (plan: ImportPlan): string | null =>
    plan.source.kind === 'file' ? files.path(plan.source.fileToken, 'read') : null;

  const commands = async (plan: ImportPlan, signal: AbortSignal): Promise<string[]> => {
    const path = pathOf(plan);
    return commandLines({
      plan,
      source:
        plan.source.kind === 'database'
          ? await connections.profile(plan.source.serverId, plan.source.database, signal)
          : null,
      target: await connections.profile(plan.target.serverId, null, signal),
      file: path === null ? null : await recogniseFile(path),
    });
  };

  const handlers: Handlers<typeof transfer> = {
    async preview({ fileToken }, { signal }) {
      const path = files.path(fileToken, 'read');
      const preview = await previewFile(path, await tools(), signal);
      previews.set(path, preview);
      return preview;
    },
    sourceObjects: ({ serverId, database }, { signal }) =>
      withSession(connections, serverId, database, signal, async (session) => {
        const rows = await session.query<{ schema: string; name: string; bytes: string; rows: string }>(
          `SELECT n.nspname AS schema, c.relname AS name, pg_total_relation_size(c.oid)::text AS bytes, greatest(c.reltuples, 0)::bigint::text AS rows
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
              AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
            ORDER BY 1, 2`,
          [],
          signal,
        );
        return rows.map((row) => ({ ...row, bytes: Number(row.bytes), rows: Number(row.rows) }));
      }),
    async check({ plan }, { signal }) {
      return checkImport({ connections, tools: await tools() }, plan, await previewOf(plan, signal), signal);
    },
    commands: ({ plan }, { signal }) => commands(plan, signal),
    async start({ plan }, { signal }) {
      const found = await tools();
      const preview = await previewOf(plan, signal);
      const blocked = (await checkImport({ connections, tools: found }, plan, preview, signal)).find(
        (finding) => finding.level === 'blocking',
      );
      if (blocked)
        throw new AppError({ code: 'invalid-input', message: blocked.found, hint: blocked.fix, field: 'plan' });
      const filePath = pathOf(plan);
      const source =
        plan.source.kind === 'file'
          ? (preview?.fileName ?? '')
          : `${plan.source.database} — ${connections.name(plan.source.serverId)}`;
      const job = {
        plan,
        filePath,
        encoding: plan.target.encoding || (preview?.encodingStated ? preview.encoding : ''),
        commands: await commands(plan, signal),
      };
      await swept;
      const taskId = runner.start(
        {
          kind: 'import',
          title: `${source} → ${plan.target.database} — ${connections.name(plan.target.serverId)}`,
          steps: importSteps(plan),
        },
        async (control) => {
          await history.put(control.id, { plan, source, report: null });
          await runImport({ connections, tools: found, tempFolder: deps.tempFolder }, job, control, (report) =>
            history.put(control.id, { plan, source, report }),
          );
        },
      );
      return { taskId };
    },
    async result({ taskId }) {
      const { plan, report } = await history.get(taskId);
      return { plan, report };
    },
    async undo({ taskId }, { signal }) {
      const record = await history.get(taskId);
      if (!record.report?.canUndo)
        throw new AppError({
          code: 'conflict',
          message: 'This import did not create its database: there is nothing to undo',
        });
      await undoImport({ connections }, record.plan, signal);
      await history.put(taskId, {
        ...record,
        report: {
          ...record.report,
          canUndo: false,
          targetState: `Database ${record.plan.target.database} was dropped by undo.`,
        },
      });
    },
    async saveReport({ taskId, fileToken }) {
      const { plan, report, source } = await history.get(taskId);
      if (!report) throw new AppError({ code: 'conflict', message: 'The import still runs' });
      const path = files.path(fileToken, 'write');
      const text = path.toLowerCase().endsWith('.json')
        ? `${JSON.stringify({ source, plan: { target: plan.target, options: plan.options }, report }, null, 2)}\n`
        : reportText(report, plan, source, connections.name(plan.target.serverId));
      try {
        await writeFile(path, text);
      } catch (error) {
        throw new AppError(
          {
            code: 'file',
            message: `The report could not be written: ${errorInfo(error).message}`,
            hint: 'Choose another folder.',
          },
          { cause: error },
        );
      }
    },
    tools: async () => [...(await tools(true)), EMBEDDED],
  };
  return {
    handlers,
    close: async () => {
      await swept;
      await rm(deps.tempFolder, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}
