/** Errors that psql, pg_dump and pg_restore print, read line by line. */

export type MessageLevel = 'info' | 'harmless' | 'warning' | 'error';

export interface ToolMessage {
  readonly level: MessageLevel;
  readonly message: string;
  readonly sqlstate: string;
  readonly detail: string;
  readonly hint: string;
  readonly statement: string;
  /** 1-based line of what the program read; 0 is unknown. */
  readonly line: number;
  /** FATAL or PANIC: the session is gone. */
  readonly fatal: boolean;
}

const EMPTY: ToolMessage = {
  level: 'info',
  message: '',
  sqlstate: '',
  detail: '',
  hint: '',
  statement: '',
  line: 0,
  fatal: false,
};

/** Whether an error concerns only owners, privileges or things that are there already, so that the data is complete without it. */
export function isHarmless(sqlstate: string, message: string, statement: string): boolean {
  const ownership = /^\s*(grant|revoke|alter\s+default\s+privileges|comment\s+on\s+extension|security\s+label)\b/i.test(
    statement,
  );
  const owner = /\bowner\s+to\b/i.test(statement) || /^\s*set\s+session\s+authorization\b/i.test(statement);
  const denied =
    sqlstate === '42501' ||
    /permission denied|must be (?:owner|member|superuser|able)|unrecognized configuration parameter/i.test(message);
  const noRole = sqlstate === '42704' || /role ".*" does not exist/i.test(message);
  if ((ownership || owner) && (denied || noRole || sqlstate === '0LP01' || sqlstate === '01007')) return true;
  if (
    /^\s*create\s+schema\s+"?public"?\s*;/i.test(statement) &&
    (sqlstate === '42P06' || /already exists/.test(message))
  )
    return true;
  if (/^\s*create\s+(or\s+replace\s+)?(procedural\s+|trusted\s+)*language\s+"?plpgsql/i.test(statement)) return true;
  if (/^\s*create\s+extension\s+(if\s+not\s+exists\s+)?"?plpgsql/i.test(statement)) return true;
  return /^\s*set\s+\w+\s*(=|\bto\b)/i.test(statement) && /unrecognized configuration parameter/i.test(message);
}

/**
 * Reads psql's standard error as written under `VERBOSITY=verbose` and `ECHO=errors`. `push` takes whole lines and returns messages that
 * are complete; `end` returns the last one.
 */
export class PsqlMessages {
  #current: ToolMessage | null = null;
  #part: 'message' | 'detail' | 'hint' | 'statement' | 'ignore' = 'message';

  push(line: string): ToolMessage[] {
    const head =
      /^psql:(?:<stdin>|-|[^:]*):(\d+): (?:(ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|LOG|DEBUG):\s+(?:([0-9A-Z]{5}): )?)?([^]*)$/.exec(
        line,
      );
    if (head) {
      const [, at = '0', severity, sqlstate = '', text = ''] = head;
      const statement = !severity && /^STATEMENT: {2}([^]*)$/.exec(text);
      if (statement && this.#current) {
        this.#current = { ...this.#current, statement: statement[1] ?? '' };
        this.#part = 'statement';
        return [];
      }
      const done = this.end();
      const bare = text.replace(/^error: /, '');
      this.#part = 'message';
      this.#current = {
        ...EMPTY,
        level:
          severity === undefined || /ERROR|FATAL|PANIC/.test(severity)
            ? 'error'
            : severity === 'WARNING'
              ? 'warning'
              : 'info',
        message: severity === undefined ? bare : text,
        sqlstate,
        line: Number(at),
        fatal: severity === 'FATAL' || severity === 'PANIC' || bare.startsWith('connection to server was lost'),
      };
      return done;
    }
    const bare = /^psql: (?:error: |fatal: )?([^]*)$/.exec(line);
    if (bare) {
      const done = this.end();
      this.#part = 'detail';
      this.#current = { ...EMPTY, level: 'error', message: bare[1] ?? '', fatal: true };
      return done;
    }
    this.#continue(line);
    return [];
  }

  end(): ToolMessage[] {
    const current = this.#current;
    this.#current = null;
    if (!current) return [];
    return [
      current.level === 'error' && isHarmless(current.sqlstate, current.message, current.statement)
        ? { ...current, level: 'harmless' }
        : current,
    ];
  }

  #continue(line: string): void {
    const current = this.#current;
    if (!current) return;
    if (this.#part !== 'statement') {
      const field =
        /^(DETAIL|HINT|CONTEXT|LOCATION|QUERY|LINE \d+|SCHEMA NAME|TABLE NAME|COLUMN NAME|CONSTRAINT NAME|DATATYPE NAME): {1,2}([^]*)$/.exec(
          line,
        );
      if (field) {
        const [, name = '', text = ''] = field;
        this.#part = name === 'DETAIL' || name === 'CONTEXT' ? 'detail' : name === 'HINT' ? 'hint' : 'ignore';
        if (this.#part === 'detail') this.#current = { ...current, detail: append(current.detail, text) };
        if (this.#part === 'hint') this.#current = { ...current, hint: text };
        return;
      }
    }
    if (this.#part === 'ignore' || current[this.#part].length > 20_000) return;
    this.#current = { ...current, [this.#part]: append(current[this.#part], line) };
  }
}

const append = (text: string, more: string): string => (text === '' ? more : `${text}\n${more}`);

/** What one run of pg_restore (or pg_dump) printed: progress items and errors with the statement. */
export class RestoreMessages {
  #current: ToolMessage | null = null;
  #inStatement = false;

  /** Returns complete messages; those of level `info` are progress lines. */
  push(line: string): ToolMessage[] {
    const head =
      /^pg_(?:restore|dump)(?:\.exe)?: (?:\[[^\]]*\] )?(?:(error|warning|fatal|detail|hint|from TOC entry[^]*?|creating|executing|processing)(?::)? )?([^]*)$/.exec(
        line,
      );
    if (head) {
      const [, kind = '', text = ''] = head;
      if (kind === 'detail' || kind === 'hint') {
        if (this.#current) this.#current = { ...this.#current, [kind]: text };
        return [];
      }
      const done = this.end();
      this.#inStatement = false;
      if (/^(error|fatal)$/.test(kind)) {
        const message = text.replace(/^could not execute query: /, '').replace(/^(ERROR|FATAL): {1,2}/, '');
        this.#current = { ...EMPTY, level: 'error', message, fatal: kind === 'fatal' || / FATAL: /.test(text) };
      } else if (kind === 'warning') this.#current = { ...EMPTY, level: 'warning', message: text };
      else return [...done, { ...EMPTY, message: line.replace(/^pg_\w+(\.exe)?: /, '') }];
      return done;
    }
    if (!this.#current) return [];
    const command = /^Command was: ([^]*)$/.exec(line);
    if (command) {
      this.#inStatement = true;
      this.#current = { ...this.#current, statement: command[1] ?? '' };
    } else if (this.#inStatement) {
      if (this.#current.statement.length < 20_000 && line !== '')
        this.#current = { ...this.#current, statement: append(this.#current.statement, line) };
    } else {
      const field = /^(DETAIL|HINT|CONTEXT): {1,2}([^]*)$/.exec(line);
      if (field?.[1] === 'HINT') this.#current = { ...this.#current, hint: field[2] ?? '' };
      else if (this.#current.detail.length < 20_000)
        this.#current = { ...this.#current, detail: append(this.#current.detail, field?.[2] ?? line) };
    }
    return [];
  }

  end(): ToolMessage[] {
    const current = this.#current;
    this.#current = null;
    if (!current) return [];
    return [
      current.level === 'error' && isHarmless('', current.message, current.statement)
        ? { ...current, level: 'harmless' }
        : current,
    ];
  }
}
