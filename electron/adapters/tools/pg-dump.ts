import type { RestoreChoice } from './pg-restore';
import { startProgram, type RunningProgram } from './run';

/** A name as a pattern of pg_dump that matches only itself. */
export const exactPattern = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** pg_dump's arguments for a plain dump of what was chosen. */
export function dumpArgs(choice: RestoreChoice): string[] {
  return [
    '--format=plain',
    ...(choice.content === 'structure' ? ['--schema-only'] : []),
    ...(choice.content === 'data' ? ['--data-only'] : []),
    ...(choice.clean ? ['--clean', '--if-exists'] : []),
    ...(choice.noOwner ? ['--no-owner'] : []),
    ...(choice.noPrivileges ? ['--no-privileges'] : []),
    // pg_dump ignores --schema beside --table: a whole schema then is all of its tables.
    ...choice.schemas.map((schema) =>
      choice.tables.length > 0 ? `--table=${exactPattern(schema)}.*` : `--schema=${exactPattern(schema)}`,
    ),
    ...choice.tables.map((table) => {
      const dot = table.indexOf('.');
      return `--table=${exactPattern(table.slice(0, dot))}.${exactPattern(table.slice(dot + 1))}`;
    }),
  ];
}

export interface DumpRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onErrorLine: (line: string) => void;
}

/** Dumps to standard output. */
export function startDump(request: DumpRequest): RunningProgram {
  const running = startProgram({ ...request, args: ['--no-password', ...request.args], acceptExits: [0] });
  running.stdin.end();
  return running;
}
