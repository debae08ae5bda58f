import { once } from 'node:events';
import { DatabaseError } from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import { AppError } from '../../../shared/errors';
import type { ToolMessage } from '../../../shared/model/tool-errors';
import { serverError } from './errors';
import type { PgSession } from './session';

/** Runs the statements of a script over one connection, as psql does: one at a time, COPY data after its COPY. */
export interface ScriptSession {
  /** Runs one statement; a failure is told, not thrown, unless the connection is gone (`lost-connection`). */
  statement(sql: string, line: number): Promise<boolean>;
  /** Starts COPY … FROM stdin. When it fails, the data that follows is left out. */
  startCopy(sql: string, line: number): Promise<void>;
  copyData(bytes: Uint8Array): Promise<void>;
  endCopy(): Promise<void>;
}

const MESSAGE_LEVEL = { detail: '', hint: '', sqlstate: '', fatal: false };

/** `onMessage` hears of every failed statement with its line in the script. */
export function createScriptSession(session: PgSession, onMessage: (message: ToolMessage) => void): ScriptSession {
  let copy: { readonly stream: CopyStreamQuery; readonly sql: string; readonly line: number; failed: unknown } | null =
    null;

  const tell = (error: unknown, sql: string, line: number): void => {
    const known = serverError(error);
    if (session.closed || known.code !== 'sql' || /^(08|57P)/.test(known.info.sqlstate ?? ''))
      throw new AppError({ ...known.info, code: 'lost-connection' }, { cause: error });
    const context = error instanceof DatabaseError && error.where !== undefined ? error.where : '';
    onMessage({
      ...MESSAGE_LEVEL,
      level: 'error',
      message: known.info.message,
      sqlstate: known.info.sqlstate ?? '',
      detail: [known.info.detail ?? '', context].filter(Boolean).join('\n'),
      hint: known.info.hint ?? '',
      statement: sql.slice(0, 20_000),
      line,
    });
  };

  return {
    async statement(sql, line) {
      try {
        await session.client.query(sql);
        return true;
      } catch (error) {
        tell(error, sql, line);
        return false;
      }
    },
    async startCopy(sql, line) {
      const stream = session.client.query(copyFrom(sql));
      const started = { stream, sql, line, failed: undefined as unknown };
      stream.on('error', (error) => {
        started.failed = error;
      });
      copy = started;
    },
    async copyData(bytes) {
      if (!copy || copy.failed !== undefined || copy.stream.destroyed) return;
      if (copy.stream.write(bytes)) return;
      const { stream } = copy;
      // Both wait for one of many chunks: whoever loses must not stay as a listener.
      const over = new AbortController();
      const { signal } = over;
      await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]).catch(() => undefined);
      over.abort();
    },
    async endCopy() {
      const ended = copy;
      copy = null;
      if (!ended) return;
      const { stream } = ended;
      if (ended.failed === undefined && !stream.destroyed) {
        const over = new Promise<void>((resolve) => {
          stream.once('finish', resolve);
          stream.once('error', () => resolve());
          stream.once('close', resolve);
        });
        stream.end();
        await over;
      }
      if (ended.failed !== undefined) tell(ended.failed, ended.sql, ended.line);
    },
  };
}
