import { dumpArgs } from '../../adapters/tools/pg-dump';
import { psqlArgs } from '../../adapters/tools/psql';
import { restoreArgs } from '../../adapters/tools/pg-restore';
import type { ImportPlan } from '../../../shared/contract/transfer';
import type { DumpKind, Compression } from '../../../shared/model/import';
import type { ConnectionProfile } from '../../ports';

/** The command lines that do what an import does, for a person to read and copy. Passwords are never in a profile's part used here. */

/** Quotes a word for a POSIX shell where it needs it. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
const line = (words: readonly string[]): string => words.map(shellWord).join(' ');

const connection = (profile: ConnectionProfile): string[] => [
  '-h',
  profile.host,
  '-p',
  String(profile.port),
  '-U',
  profile.user,
];

export interface CommandFacts {
  readonly plan: ImportPlan;
  readonly source: ConnectionProfile | null;
  readonly target: ConnectionProfile;
  readonly file: { readonly path: string; readonly kind: DumpKind; readonly compression: Compression } | null;
}

/** One entry for each command, pipes included. */
export function commandLines({ plan, source, target, file }: CommandFacts): string[] {
  const { options } = plan;
  const commands: string[] = [];
  if (plan.target.create)
    commands.push(
      line([
        'createdb',
        ...connection(target),
        '-T',
        'template0',
        ...(plan.target.encoding ? ['-E', plan.target.encoding] : []),
        plan.target.database,
      ]),
    );
  const psql = ['psql', ...connection(target), '-d', plan.target.database, ...psqlArgs(options)];
  if (source)
    commands.push(
      `${line(['pg_dump', ...connection(source), ...dumpArgs(options), source.database])} | ${line([...psql, '-f', '-'])}`,
    );
  else if (file && (file.kind === 'custom' || file.kind === 'tar')) {
    if (inParallel(plan, file))
      commands.push(
        line([
          'pg_restore',
          ...connection(target),
          '-d',
          plan.target.database,
          '-j',
          String(options.jobs),
          ...(options.stopOnError ? ['--exit-on-error'] : []),
          ...restoreArgs(options),
          file.path,
        ]),
      );
    else {
      const restore =
        file.compression === 'gzip'
          ? `${line(['gunzip', '-c', file.path])} | ${line(['pg_restore', ...restoreArgs(options), '-f', '-'])}`
          : line(['pg_restore', ...restoreArgs(options), '-f', '-', file.path]);
      commands.push(`${restore} | ${line([...psql, '-f', '-'])}`);
    }
  } else if (file)
    commands.push(
      file.compression === 'gzip'
        ? `${line(['gunzip', '-c', file.path])} | ${line([...psql, '-f', '-'])}`
        : line([...psql, '-f', file.path]),
    );
  if (options.analyze) commands.push(line(['vacuumdb', ...connection(target), '--analyze-only', plan.target.database]));
  return commands;
}

/** Several sessions need an archive that can be read at any place, and no transaction around all. */
export const inParallel = (plan: ImportPlan, file: { kind: DumpKind; compression: Compression }): boolean =>
  plan.options.jobs > 1 && file.kind === 'custom' && file.compression === 'none' && !plan.options.singleTransaction;
