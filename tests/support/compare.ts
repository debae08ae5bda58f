import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { readShape } from '../../electron/features/catalog/shape/read-shape';
import { compareShapes } from '../../electron/features/compare/compare-shapes';
import { syncScript } from '../../electron/features/compare/script/sync-script';
import {
  DEFAULT_COMPARE_OPTIONS,
  scriptText,
  type CompareItem,
  type CompareOptions,
  type SyncScript,
} from '../../shared/model/compare';
import type { Shape } from '../../shared/model/compare-shape';
import type { TestServer } from './postgres';

const run = promisify(execFile);
const LARGE = { maxBuffer: 512 * 1024 * 1024 };

/** A database of a test server. */
export interface Place {
  readonly server: TestServer;
  readonly database: string;
}

export async function shapeOf(
  { server, database }: Place,
  schema: string | null = null,
  as: string | null = null,
): Promise<Shape> {
  const session = await openSession(server.profile(database));
  try {
    await prepareCatalogSession(session);
    return await readShape(session, { schema, as }, new AbortController().signal);
  } finally {
    await session.end();
  }
}

/** Runs a script by psql, stopping at the first error. */
export async function runScript({ server, database }: Place, sql: string): Promise<void> {
  const child = run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', server.uri(database), '-f', '-'], LARGE);
  child.child.stdin?.end(sql);
  await child;
}

/**
 * `pg_dump -s` without comments, one statement each, sorted, the lines of each sorted too: databases with the same catalogs give the same,
 * whatever the order of their columns.
 */
export async function structureOf({ server, database }: Place): Promise<string[]> {
  const { stdout } = await run('pg_dump', ['-s', '-d', server.uri(database)], LARGE);
  return stdout
    .split('\n')
    .filter((line) => !line.startsWith('--') && !line.startsWith('\\') && line.trim() !== '')
    .join('\n')
    .split(/;\n/)
    .map((statement) =>
      statement
        .split('\n')
        .map((line) => line.replace(/,$/, ''))
        .toSorted()
        .join('\n'),
    )
    .toSorted();
}

export interface Compared {
  readonly items: readonly CompareItem[];
  readonly script: SyncScript;
  readonly text: string;
}

/** Compares two databases; the script brings about all differences, drops too. */
export async function compareDatabases(
  source: Place,
  target: Place,
  change: Partial<CompareOptions> = {},
): Promise<Compared> {
  const options = { ...DEFAULT_COMPARE_OPTIONS, ...change };
  const left = await shapeOf(source);
  const right = await shapeOf(target);
  const items = compareShapes(left, right, options);
  const script = syncScript(left, right, { items, excluded: new Set(), drop: true, options });
  return { items, script, text: scriptText(script) };
}

/** What still differs, for an assertion that says it. */
export const differences = (items: readonly CompareItem[]): string[] =>
  items.filter(({ state }) => state !== 'equal').map(({ state, key }) => `${state} ${key}`);
