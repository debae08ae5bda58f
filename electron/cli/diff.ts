import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, errorInfo } from '../../shared/errors';
import type { CompareSide } from '../../shared/contract/compare';
import { DEFAULT_COMPARE_OPTIONS, scriptText } from '../../shared/model/compare';
import { parseConnectionText } from '../../shared/model/connection-text';
import { createFileTokens } from '../adapters/storage/file-tokens';
import { openShape } from '../features/catalog/shape/open-shape';
import { createCompareFeature } from '../features/compare/compare-feature';
import { createLogger } from '../log';
import { parseArgs, usageError } from './args';
import { createCliConnections } from './connections';
import type { CommandIo, CommandLine } from './io';

/** As `diff` has them. */
const SAME = 0;
const DIFFERENT = 1;
const TROUBLE = 2;

const ROW_STATEMENTS = 50_000;
const USAGE = 'Write howdah diff URI|FILE URI|FILE [--schema A[:B]] [--data] [--drop] [--json] [--scratch URI]';

/**
 * `howdah diff SOURCE TARGET`: the script that makes the target like the source, and by `--data` the rows of tables with keys. A dump file in
 * place of a URI is loaded for a moment into a database of its own on the server of `--scratch`, or else of the other side.
 */
export const diffCommand: CommandLine = async (args, io) => {
  try {
    return await diff(args, io);
  } catch (error) {
    const { message, hint } = errorInfo(error);
    io.err([`error: ${message}`, hint && `hint: ${hint}`].filter(Boolean).join('\n'));
    return TROUBLE;
  }
};

async function diff(args: readonly string[], io: CommandIo): Promise<number> {
  const parsed = parseArgs(args, { flags: ['json', 'data', 'drop'], options: ['schema', 'scratch', 'tools'] });
  const [from, to, ...rest] = parsed.operands;
  if (from === undefined || to === undefined || rest.length > 0) throw usageError(USAGE);
  const [schema = null, other = schema] = parsed.value('schema')?.split(':') ?? [];
  const connections = createCliConnections(createLogger(null));
  const files = createFileTokens();
  const isFile = (text: string): boolean => !/^postgres(ql)?:/.test(text) && existsSync(text);
  for (const text of [from, to]) {
    if (!isFile(text) && !/^postgres(ql)?:/.test(text) && parseConnectionText(text) === null) {
      throw new AppError({ code: 'not-found', message: `There is no file ${text}`, hint: USAGE });
    }
  }
  const scratchText = parsed.value('scratch') ?? [from, to].find((text) => !isFile(text));
  const side = (text: string, of: string | null): CompareSide => {
    if (!isFile(text)) return { kind: 'database', ...connections.add(text), schema: of };
    if (scratchText === undefined)
      throw usageError('A dump file needs a server to be loaded on for a moment: --scratch URI');
    const { serverId } = connections.add(scratchText);
    return { kind: 'file', fileToken: files.add(resolve(text), 'read'), scratchServerId: serverId, schema: of };
  };
  const source = side(from, schema);
  const target = side(to, other);
  const { handlers } = createCompareFeature({
    connections,
    files,
    readShape: openShape,
    toolFolders: () => parsed.all('tools'),
    emit: () => undefined,
  });
  const { signal } = io;
  const runId = 'cli';
  const { compareId, items, notes } = await handlers.run(
    { runId, source, target, options: DEFAULT_COMPARE_OPTIONS },
    { signal },
  );
  for (const note of notes) io.err(`note: ${note}`);
  const script = await handlers.script({ compareId, excluded: [], drop: parsed.has('drop') }, { signal });
  const differing = items.filter(({ state }) => state !== 'equal');
  const rows = parsed.has('data') ? await compareRows(handlers, source, target, parsed.has('drop'), io) : NO_ROWS;
  if (parsed.has('json')) {
    io.out(JSON.stringify({ objects: differing, ...script, rows: rows.tables, rowScript: rows.sql }));
  } else {
    for (const { code, name } of script.warnings) io.err(`warning: ${code}: ${name}`);
    const text = [scriptText(script), rows.sql].filter(Boolean).join('\n');
    if (text !== '') io.out(text.trimEnd());
  }
  return differing.length === 0 && rows.tables.length === 0 ? SAME : DIFFERENT;
}

interface Rows {
  /** The tables with rows that differ, and how many do. */
  readonly tables: readonly { readonly schema: string; readonly name: string; readonly differences: number }[];
  readonly sql: string;
}

const NO_ROWS: Rows = { tables: [], sql: '' };

async function compareRows(
  handlers: ReturnType<typeof createCompareFeature>['handlers'],
  source: CompareSide,
  target: CompareSide,
  remove: boolean,
  io: CommandIo,
): Promise<Rows> {
  if (source.kind !== 'database' || target.kind !== 'database')
    throw usageError('--data compares databases, not files');
  const { signal } = io;
  const tables: { schema: string; name: string }[] = [];
  for (const { schema, name, reason } of await handlers.dataTables({ source, target }, { signal })) {
    if (reason !== '') {
      io.err(`note: rows of ${schema}.${name} are not compared: ${reason}`);
      continue;
    }
    tables.push({ schema, name });
  }
  if (tables.length === 0) return NO_ROWS;
  const request = { source, target, tables, remove, limit: ROW_STATEMENTS };
  const { sql, differing, more } = await handlers.dataScript(request, { signal });
  for (const { schema, name } of more) io.err(`note: ${schema}.${name} has more differing rows than the script holds`);
  return { tables: differing, sql };
}
