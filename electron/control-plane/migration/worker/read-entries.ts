import { join } from 'node:path';
import { AppError } from '../../../../shared/errors';
import { PROGRESS_SCHEMA } from '../follow/follow-model';
import { makesTelling } from '../follow/truncate/truncate-names';
import { adaptEntries } from '../structure/adapt-entries';
import { dumpStructure } from '../structure/dump-structure';
import type { StructureEntry } from '../structure/entry';
import { selectEntries } from '../structure/select-entries';
import type { DatabaseState } from './journal-state';
import type { RunContext } from './run-context';
import { settleEntry, tellEntry, type EntryDeps } from './settle-entry';
import { withRetries } from './sides';
import type { SourceState } from './source-state';

interface ReadEntriesDeps extends EntryDeps {
  readonly ctx: RunContext;
  readonly state: DatabaseState;
}

/** pg_dump was cut off: its own words, not ours. */
const CUT_OFF = /connection|terminating|shutting down|starting up|could not (?:send|receive)|SSL/i;

async function dumpEntries(deps: ReadEntriesDeps, source: SourceState): Promise<StructureEntry[]> {
  const { ctx, database, signal } = deps;
  const { order, telling } = ctx;
  try {
    return await dumpStructure({
      profile: ctx.source.profile(database),
      sourceMajor: Math.floor(ctx.source.versionNum / 10_000),
      snapshot: source.snapshot.id(),
      schemas: source.plan.whole ? null : source.plan.schemas.map(({ name }) => name),
      toolFolders: order.toolFolders,
      folder: join(order.folder, 'tmp'),
      keepOwners: order.options.keepOwners,
      keepPrivileges: order.options.keepPrivileges,
      signal,
      onLine: (line) => telling.log('warning', `${database}: pg_dump: ${line}`),
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'tool' || !CUT_OFF.test(error.message)) throw error;
    throw new AppError({ ...error.info, code: 'lost-connection', retry: true }, { cause: error });
  }
}

/** What tasks make for themselves on the source does not travel. */
const isTheirs = ({ kind, schema, name, sql }: StructureEntry): boolean =>
  schema !== PROGRESS_SCHEMA &&
  !(kind === 'SCHEMA' && name === PROGRESS_SCHEMA) &&
  !(kind === 'EVENT TRIGGER' && name.startsWith('howdah_')) &&
  !(kind === 'TRIGGER' && makesTelling(sql));

/** The entries as the target wants them; what it cannot have is told. */
export async function readEntries(deps: ReadEntriesDeps, source: SourceState): Promise<StructureEntry[]> {
  const { ctx, database, telling } = deps;
  const { plan } = source;
  const dumped = await withRetries(() => dumpEntries(deps, source), deps.signal);
  const { keepOwners, keepPrivileges } = ctx.order.options;
  const adapted = await adaptEntries((await selectEntries(dumped, plan)).filter(isTheirs), {
    plan,
    sourceVersionNum: ctx.source.versionNum,
    targetVersionNum: ctx.target.versionNum,
    keepOwners,
    keepPrivileges,
  });
  telling.statements(
    database,
    adapted.entries.length + adapted.refused.length,
    adapted.entries.filter(({ section }) => section === 'pre').length,
  );
  for (const note of adapted.notes) telling.log('info', `${database}: ${note}`);
  for (const { entry, reason } of adapted.refused) await settleEntry(entry, 'failed', reason, deps);
  for (const entry of adapted.entries) {
    const known = deps.state.entries.get(entry.key);
    if (known) tellEntry(entry, known.outcome, known.reason, deps);
  }
  return adapted.entries;
}
