import type { Readable } from 'node:stream';
import { RestoreMessages, type ToolMessage } from '../../../shared/model/tool-errors';
import { startProgram, type RunningProgram } from './run';

export interface RestoreChoice {
  readonly content: 'all' | 'structure' | 'data';
  readonly schemas: readonly string[];
  /** `schema.table`. */
  readonly tables: readonly string[];
  readonly noOwner: boolean;
  readonly noPrivileges: boolean;
  readonly clean: boolean;
}

/** pg_restore's arguments for what to take, in the order of its manual. */
export function restoreArgs(choice: RestoreChoice): string[] {
  return [
    ...(choice.content === 'structure' ? ['--schema-only'] : []),
    ...(choice.content === 'data' ? ['--data-only'] : []),
    ...(choice.clean ? ['--clean', '--if-exists'] : []),
    ...(choice.noOwner ? ['--no-owner'] : []),
    ...(choice.noPrivileges ? ['--no-privileges'] : []),
    ...choice.schemas.map((schema) => `--schema=${schema}`),
    ...choice.tables.map((table) => `--table=${table.slice(table.indexOf('.') + 1)}`),
  ];
}

interface ArchiveInput {
  readonly program: string;
  readonly path: string;
  /** Set when the archive is compressed as a whole: fed on standard input. */
  readonly content: Readable | null;
  readonly signal: AbortSignal;
  readonly onMessage: (message: ToolMessage) => void;
}

function run(
  input: ArchiveInput,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  accept: number[],
): RunningProgram {
  const messages = new RestoreMessages();
  const running = startProgram({
    program: input.program,
    args: [...args, ...(input.content ? [] : ['--', input.path])],
    env,
    acceptExits: accept,
    signal: input.signal,
    onErrorLine: (line) => messages.push(line).forEach(input.onMessage),
  });
  if (input.content) input.content.pipe(running.stdin);
  else running.stdin.end();
  const done = running.done.finally(() => messages.end().forEach(input.onMessage));
  done.catch(() => undefined);
  return { ...running, done };
}

/** Turns an archive into its script on standard output. */
export const archiveToScript = (input: ArchiveInput, choice: RestoreChoice): RunningProgram =>
  run(input, ['--file=-', ...restoreArgs(choice)], {}, [0]);

/** Restores an archive straight into a database, with `jobs` sessions. Exit 1 is "some statements failed": they are in the messages. */
export const restoreArchive = (
  input: ArchiveInput,
  choice: RestoreChoice,
  jobs: number,
  stopOnError: boolean,
  env: Readonly<Record<string, string>>,
): RunningProgram =>
  run(
    input,
    [
      '--verbose',
      '--no-password',
      `--dbname=${env['PGDATABASE'] ?? ''}`,
      `--jobs=${jobs}`,
      ...(stopOnError ? ['--exit-on-error'] : []),
      ...restoreArgs(choice),
    ],
    env,
    [0, 1],
  );
