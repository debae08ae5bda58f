import { text } from 'node:stream/consumers';
import { openHandover } from '../../electron/adapters/postgres/handover';
import { startEmbeddedDump } from '../../electron/adapters/tools/embedded/embedded-pg-dump';
import type { TestServer } from './postgres';

/**
 * `pg_dump -s --create` of a database by the built-in pg_dump, without comments and the database's name, one statement each, sorted: two
 * databases with the same catalogs give the same.
 */
export async function dumpedStructure(server: TestServer, database: string): Promise<string[]> {
  const handover = await openHandover(server.profile(database));
  const lines: string[] = [];
  const running = startEmbeddedDump({
    stream: handover.stream,
    database,
    user: 'postgres',
    parameters: handover.parameters,
    args: ['--format=plain', '--schema-only', '--create'],
    signal: new AbortController().signal,
    onErrorLine: (line) => void lines.push(line),
  });
  const [dump] = await Promise.all([text(running.stdout), running.done]).catch((error: unknown) => {
    throw new Error(`${database}: ${lines.join('\n')}`, { cause: error });
  });
  handover.release();
  return dump
    .split('\n')
    .filter((line) => !line.startsWith('--') && !line.startsWith('\\') && line.trim() !== '')
    .join('\n')
    .replaceAll(new RegExp(`\\b${database}\\b`, 'g'), 'DATABASE_NAME')
    .replaceAll(/(\(|, )pg_attver=\d+(, )?/g, '$1')
    .split(/;\n/)
    .toSorted();
}
