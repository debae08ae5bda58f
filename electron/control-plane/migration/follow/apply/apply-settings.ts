import type { PipelineSession } from '../../../../adapters/postgres/pipeline-session';

/**
 * Says first what a session that applies changes needs; `encoding` as for copies (`UTF8`, or `SQL_ASCII`). Answers the names of the settings that
 * the account may not set (`session_replication_role`: triggers and foreign keys of the receiving side would see the changes).
 */
export function prepareApplySession(_session: PipelineSession, _encoding: string): Promise<readonly string[]> {
  return Promise.reject(new Error('not there yet'));
}
