import { randomUUID } from 'node:crypto';
import type { CompareSide, DatabaseSide } from '../../../shared/contract/compare';
import type { Emit, Handlers } from '../../../shared/contract/define';
import type { Contract } from '../../../shared/contract/index';
import { AppError } from '../../../shared/errors';
import type { CompareItem, CompareOptions } from '../../../shared/model/compare';
import type { Shape } from '../../../shared/model/compare-shape';
import { chooseRestore, locateTools } from '../../adapters/tools/locate';
import type { Connections, FileTokens, ShapeReader } from '../../ports';
import { compareTable, listDataTables, type DataSide, type TableDifferences } from './compare-data';
import { compareShapes } from './compare-shapes';
import { rowScript } from './row-script';
import { withScratchDatabase } from './scratch-database';
import { syncScript } from './script/sync-script';

export interface CompareDeps {
  readonly connections: Connections;
  readonly files: FileTokens;
  readonly readShape: ShapeReader;
  /** The person's own folders with client programs, as of now. */
  readonly toolFolders: () => readonly string[];
  readonly emit: Emit<Contract['compare']>;
}

export interface CompareFeature {
  readonly handlers: Handlers<Contract['compare']>;
}

interface Comparison {
  readonly source: Shape;
  readonly target: Shape;
  readonly items: readonly CompareItem[];
  readonly options: CompareOptions;
}

/** Comparisons that are kept for their details and scripts until they are closed: the newest. */
const KEPT = 4;

/** Compares databases, schemas, dump files and rows, and writes the scripts that make one like the other. It changes nothing itself. */
export function createCompareFeature(deps: CompareDeps): CompareFeature {
  const { connections, files, readShape, emit } = deps;
  const kept = new Map<string, Comparison>();
  const find = (compareId: string): Comparison => {
    const found = kept.get(compareId);
    if (!found) throw new AppError({ code: 'not-found', message: 'This comparison is no longer kept: compare again' });
    return found;
  };

  const readSide = async (
    side: CompareSide,
    as: string | null,
    where: 'source' | 'target',
    runId: string,
    signal: AbortSignal,
  ): Promise<{ shape: Shape; notes: readonly string[] }> => {
    const scope = { schema: side.schema, as };
    if (side.kind === 'database') {
      emit('progress', { runId, step: where });
      const profile = await connections.profile(side.serverId, side.database, signal);
      return { shape: await readShape(profile, scope, signal), notes: [] };
    }
    emit('progress', { runId, step: `load-${where}` });
    const { result, notes } = await withScratchDatabase(
      {
        path: files.path(side.fileToken, 'read'),
        profile: (database) => connections.profile(side.scratchServerId, database, signal),
        restoreProgram: () => findRestore(deps.toolFolders(), signal),
        signal,
      },
      async (profile) => {
        emit('progress', { runId, step: where });
        return readShape(profile, scope, signal);
      },
    );
    return { shape: result, notes };
  };

  const dataSide = async ({ serverId, database, schema }: DatabaseSide, signal: AbortSignal): Promise<DataSide> => ({
    profile: await connections.profile(serverId, database, signal),
    schema,
  });

  return {
    handlers: {
      run: async ({ runId, source, target, options }, { signal }) => {
        if ((source.schema === null) !== (target.schema === null)) {
          throw new AppError({
            code: 'invalid-input',
            message: 'A schema is compared with a schema, a database with a database',
          });
        }
        const left = await readSide(source, target.schema, 'source', runId, signal);
        const right = await readSide(target, null, 'target', runId, signal);
        const items = compareShapes(left.shape, right.shape, options);
        const compareId = randomUUID();
        kept.set(compareId, { source: left.shape, target: right.shape, items, options });
        for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
        return { compareId, items, notes: [...left.notes, ...right.notes] };
      },
      close: async ({ compareId }) => void kept.delete(compareId),
      detail: async ({ compareId, key }) => {
        const { source, target } = find(compareId);
        return { source: textOf(source, key), target: textOf(target, key) };
      },
      script: async ({ compareId, excluded, drop }) => {
        const { source, target, items, options } = find(compareId);
        return syncScript(source, target, { items, excluded: new Set(excluded), drop, options });
      },
      dataTables: async ({ source, target }, { signal }) =>
        listDataTables(await dataSide(source, signal), await dataSide(target, signal), signal),
      data: async ({ table, limit }, { signal }) => {
        const {
          sourceTable: _source,
          targetTable: _target,
          ...result
        } = await compareTable(
          { ...table, source: await dataSide(table.source, signal), target: await dataSide(table.target, signal) },
          limit,
          signal,
        );
        return result;
      },
      dataScript: async ({ source, target, tables, remove, limit }, { signal }) => {
        const sides = { source: await dataSide(source, signal), target: await dataSide(target, signal) };
        const found: TableDifferences[] = [];
        for (const table of tables) {
          found.push(
            await compareTable({ ...sides, ...table }, limit, signal, ({ kind }) => remove || kind !== 'only-target'),
          );
        }
        const differing = tables.flatMap(({ schema, name }, index) => {
          const { onlySource = 0, onlyTarget = 0, changed = 0 } = found[index] ?? {};
          const differences = onlySource + onlyTarget + changed;
          return differences > 0 ? [{ schema, name, differences }] : [];
        });
        return {
          ...rowScript(found, remove),
          differing,
          more: tables.filter((_, index) => found[index]?.more === true),
        };
      },
    },
  };
}

/** Path of a pg_restore. Fails with `tool` when there is none. */
async function findRestore(folders: readonly string[], signal: AbortSignal): Promise<string> {
  const tool = chooseRestore(await locateTools(folders, signal));
  if (tool) return tool.path;
  throw new AppError({
    code: 'tool',
    message: 'No pg_restore was found, which reads archives',
    hint: 'Install the PostgreSQL client programs or name their folder, or compare a plain SQL dump.',
  });
}

/** All statements of an object, each apart. */
const textOf = (shape: Shape, key: string): string =>
  shape.pieces
    .filter((piece) => piece.item === key)
    .flatMap((piece) => piece.statements)
    .join('\n\n');
