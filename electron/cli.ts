import { errorInfo } from '../shared/errors';
import { ddlCommand } from './cli/ddl';
import { diffCommand } from './cli/diff';
import { importCommand } from './cli/import';
import { instanceCommand } from './cli/instance';
import { EXIT, type CommandIo, type CommandLine } from './cli/io';
import { migrateCommand } from './cli/migrate';

/** The program's command line: the features in plain Node. */

const HELP = `howdah: PostgreSQL from the terminal

  howdah import FILE|URI --to URI [options]   import a dump or another database
      --create                  make the target database first
      --encoding NAME           its encoding (the source's)
      --keep-owner              keep owners
      --keep-privileges         keep GRANT and REVOKE
      --schema NAME             only this schema (more than once: these)
      --table SCHEMA.NAME       only this table (more than once: these)
      --schema-only, --data-only
      --clean                   drop objects of the same names first
      --single-transaction      all or nothing
      --stop-on-error           stop at the first error
      --jobs N                  restore an archive with N sessions
      --no-analyze              do not collect statistics afterwards
      --allow-commands          obey psql commands of the script (\\!, \\copy, \\i, …)
      --tools FOLDER            look for client programs here first
      --quiet, --json
  howdah ddl URI [--all] [--json]             the statements that make a database anew, each after what it needs
      --object [KIND:]NAME      those of one object: sales.orders, table:sales.orders, column:sales.orders.total,
                                function:public.total(integer), role:alice, cast:(text as integer)
  howdah diff URI|FILE URI|FILE [options]     the script that makes the second like the first (exit code 1: they differ)
      --schema A[:B]            only this schema (B: its name in the second)
      --data                    rows too, of tables with keys
      --drop                    drop what only the second has
      --scratch URI             server on which a dump file is loaded for a moment
      --tools FOLDER, --json
  howdah migrate --from URI --to URI --type structural|full|incremental [options]
                                              a migration task; howdah migrate --help tells the options
  howdah instance create|list|show|restart|isolate|restore|destroy|rename|protect|unprotect|
                  switch|drill|adjust|deploy|public|ssl
                                              local instances; howdah instance --help tells the options

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with errors in statements.
`;

const COMMANDS: Readonly<Record<string, CommandLine>> = {
  import: importCommand,
  ddl: ddlCommand,
  diff: diffCommand,
  instance: instanceCommand,
  migrate: migrateCommand,
};

/** These tell their options themselves. */
const OWN_HELP = new Set(['instance', 'migrate']);

async function run(words: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...args] = words;
  if (name === undefined || name === '--help' || name === 'help' || (args.includes('--help') && !OWN_HELP.has(name))) {
    io.out(HELP.trimEnd());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = COMMANDS[name];
  if (!command) {
    io.err(`There is no command ${name}. See howdah --help.`);
    return EXIT.usage;
  }
  try {
    return await command(args, io);
  } catch (error) {
    const info = errorInfo(error);
    io.err([`error: ${info.message}`, info.hint && `hint: ${info.hint}`].filter(Boolean).join('\n'));
    return info.code === 'invalid-input' ? EXIT.usage : EXIT.failed;
  }
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
// The reader of our output may be gone (`| head`): what is begun is still brought to its end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const code = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  signal: stop.signal,
});
// A pipe may still hold output; WebAssembly threads must not keep the process.
process.stdout.write('', () => process.exit(code));
