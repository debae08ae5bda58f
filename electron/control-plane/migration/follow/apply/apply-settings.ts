import type { PipelineSession } from '../../../../adapters/postgres/pipeline-session';
import { AppError } from '../../../../../shared/errors';
import { quoteLiteral } from '../../../../../shared/model/quote';
import { failureKind } from '../../worker/failure';
import { settingsOf, type Setting } from '../../worker/session-settings';

/**
 * What sessions that apply changes set: as for copies, but a commit is told when it is durable, and rows are always looked up by their key. Without
 * those a plan may read a table as a whole for a few rows, and what is forbidden makes plans look dear enough to be compiled.
 */
export function applySettings(versionNum: number, encoding: string): Setting[] {
  const plan = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'enable_bitmapscan', 'enable_material'];
  if (versionNum >= 140_000) plan.push('enable_memoize');
  if (versionNum >= 110_000) plan.push('jit');
  return [
    ...settingsOf({ role: 'target', versionNum, purpose: 'copy', indexJobs: 1, encoding }).filter(
      ({ name }) => name !== 'synchronous_commit',
    ),
    { name: 'synchronous_commit', value: 'on', optional: false },
    ...plan.map((name) => ({ name, value: 'off', optional: true })),
    { name: 'plan_cache_mode', value: 'force_generic_plan', optional: true },
  ];
}

const statement = ({ name, value }: Setting): string =>
  `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`;

/**
 * Says first what a session that applies changes needs; `encoding` as for copies (`UTF8`, or `SQL_ASCII`). Answers the names of the settings that
 * the account may not set (`session_replication_role`: triggers and foreign keys of the receiving side would see the changes).
 */
export async function prepareApplySession(session: PipelineSession, encoding: string): Promise<readonly string[]> {
  const settings = applySettings(session.serverVersionNum, encoding);
  try {
    await session.query(`SELECT ${settings.map(statement).join(', ')}`);
    return [];
  } catch (error) {
    if (failureKind(error) !== 'object') throw error;
  }
  const refused: string[] = [];
  for (const setting of settings) {
    try {
      await session.query(`SELECT ${statement(setting)}`);
    } catch (error) {
      if (!(error instanceof AppError) || failureKind(error) !== 'object' || !setting.optional) throw error;
      refused.push(setting.name);
    }
  }
  return refused;
}
