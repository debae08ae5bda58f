import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import { replaceFile } from '../../adapters/storage/replace-file';
import type { Connections, FileTokens } from '../../ports';
import { type Contract } from '../../../shared/contract/index';
import type { Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import { readDocument, writeDocument } from '../../../shared/model/diagram-document';
import { readDiagram, readSchemas, readTableNames } from './read-diagram';

/** Bytes; a diagram of 5,000 tables is a tenth of it. */
const LARGEST_DOCUMENT = 200_000_000;

const PREPARE = `SELECT set_config('search_path', '', false), set_config('default_transaction_read_only', 'on', false),
  set_config('quote_all_identifiers', 'off', false)`;

/** Diagrams: what is read of a database for one, and the files they are kept in. */
export function createDiagramFeature(deps: {
  readonly connections: Connections;
  readonly files: FileTokens;
}): Handlers<Contract['diagram']> {
  /** A session of its own for one reading: diagrams are read rarely, and thousands of columns should not keep the tree waiting. */
  async function reading<T>(
    serverId: string,
    database: string,
    signal: AbortSignal,
    work: (session: PgSession) => Promise<T>,
  ): Promise<T> {
    const session = await openSession(await deps.connections.profile(serverId, database, signal), signal);
    try {
      await session.query(PREPARE, [], signal);
      return await work(session);
    } finally {
      await session.end();
    }
  }

  return {
    schemas: ({ serverId, database }, { signal }) =>
      reading(serverId, database, signal, (session) => readSchemas(session, signal)),
    tables: ({ serverId, database }, { signal }) =>
      reading(serverId, database, signal, (session) => readTableNames(session, signal)),
    read: ({ serverId, database, ...what }, { signal }) =>
      reading(serverId, database, signal, (session) => readDiagram(session, what, signal)),
    save: ({ fileToken, diagram }) => write(deps.files.path(fileToken, 'write'), writeDocument(diagram)),
    open: async ({ fileToken }, { signal }) => {
      const path = deps.files.path(fileToken, 'read');
      const diagram = readDocument(await readText(path, signal));
      return { diagram, name: basename(path), saveToken: deps.files.add(path, 'write') };
    },
    saveExport: ({ fileToken, content }) => write(deps.files.path(fileToken, 'write'), content),
  };
}

async function readText(path: string, signal: AbortSignal): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_DOCUMENT) {
      throw new AppError({ code: 'invalid-input', message: 'This file is too large to be a diagram of Howdah' });
    }
    return await readFile(path, { encoding: 'utf8', signal });
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error) || !('code' in error) || signal.aborted) throw error;
    throw new AppError(
      { code: 'file', message: 'The diagram could not be read', detail: error.message, retry: true },
      { cause: error },
    );
  }
}

/** Writes a file whole, or leaves it as it was. Fails with `file`. */
async function write(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await replaceFile(path, (file) => file.writeFile(content));
  } catch (error) {
    throw new AppError(
      {
        code: 'file',
        message: 'The file could not be written',
        detail: error instanceof Error ? error.message : String(error),
        hint: 'Choose another place or make room, then save again.',
        retry: true,
      },
      { cause: error },
    );
  }
}
