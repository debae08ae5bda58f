import type { PgSession } from '../../adapters/postgres/session';
import { createScriptSession } from '../../adapters/postgres/script-session';
import type { Psql } from '../../adapters/tools/psql';
import type { ToolMessage } from '../../../shared/model/tool-errors';
import { countLines, leadingBlank } from '../../../shared/model/script-bytes';
import { AppError } from '../../../shared/errors';
import type { ScriptEngine } from './script-feed';

/** An engine and how it ends. */
export interface RunningEngine {
  readonly engine: ScriptEngine;
  /** Everything was fed: waits for the end. `stopped`: it gave up at an error. Fails with `tool`, `lost-connection` or `cancelled`. */
  finish(): Promise<{ stopped: boolean }>;
  /** Ends without committing what is open. */
  abandon(): Promise<void>;
}

export function psqlEngine(psql: Psql): RunningEngine {
  /** The server refused the COPY: its data is left out. */
  let refused = false;
  const blank = async (lines: number): Promise<void> => {
    if (lines > 0) await psql.write(Buffer.alloc(lines, '\n'));
  };
  const data = (bytes: Uint8Array): Promise<void> => (refused ? blank(countLines(bytes)) : psql.write(bytes));
  return {
    engine: {
      async statement(bytes, line, copy) {
        if (copy) refused = !(await psql.startCopy(bytes, copy.length, line));
        else await psql.write(bytes);
      },
      copyData: data,
      copyEnd: data,
      command: (bytes, line) => psql.command(bytes, line),
      blank,
      get ended() {
        return psql.ended;
      },
    },
    finish: () => psql.finish(),
    abandon: () => psql.abandon(),
  };
}

export interface SessionEngineOptions {
  readonly singleTransaction: boolean;
  readonly stopOnError: boolean;
  readonly onMessage: (message: ToolMessage) => void;
}

/** Runs a script over our own connection: no client program is needed. psql's commands are not known here. */
export async function sessionEngine(session: PgSession, options: SessionEngineOptions): Promise<RunningEngine> {
  let stopped = false;
  const script = createScriptSession(session, (message) => {
    if (message.level === 'error' && (options.stopOnError || options.singleTransaction)) stopped = true;
    options.onMessage(message);
  });
  if (options.singleTransaction) await session.query('BEGIN');
  const text = (bytes: Uint8Array): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', leadingBlank(bytes));
  return {
    engine: {
      async statement(bytes, line, copy) {
        const sql = text(bytes);
        if (sql === '') return;
        const encoding = /^set\s+client_encoding\s*(?:=|to)\s*'?([\w-]+)/i.exec(sql)?.[1];
        if (encoding !== undefined && !/^(utf-?8|unicode)$/i.test(encoding))
          throw new AppError({
            code: 'unsupported',
            message: `The dump is in ${encoding}, which needs psql to be read`,
            hint: 'Install the PostgreSQL client programs, or make the dump with --encoding=UTF8.',
          });
        if (copy) await script.startCopy(sql, line);
        else await script.statement(sql, line);
      },
      copyData: (bytes) => script.copyData(bytes),
      copyEnd: () => script.endCopy(),
      async command(bytes, line) {
        const command = Buffer.from(bytes).toString('utf8');
        if (/^\\(echo|qecho|warn|pset|timing|x|t|a|unset)\b/.test(command)) return;
        if (/^\\q\b/.test(command)) {
          stopped = true;
          return;
        }
        throw new AppError({
          code: 'unsupported',
          message: `Line ${line} holds a psql command, which needs psql to be run: ${command.slice(0, 200)}`,
          hint: 'Install the PostgreSQL client programs, or take the line out.',
        });
      },
      blank: async () => undefined,
      get ended() {
        return stopped || session.closed;
      },
    },
    async finish() {
      if (session.closed)
        throw new AppError({ code: 'lost-connection', message: 'The connection was closed', retry: true });
      if (options.singleTransaction) await session.query(stopped ? 'ROLLBACK' : 'COMMIT');
      await session.end();
      return { stopped };
    },
    abandon: () => session.end(),
  };
}
