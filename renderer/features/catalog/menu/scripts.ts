import type { ObjectRef } from '../../../../shared/model/catalog';
import {
  deleteScript,
  executeScript,
  filteredScript,
  insertScript,
  rowsScript,
  scriptColumn,
  selectColumnsScript,
  updateScript,
  type ScriptColumn,
} from '../../../../shared/model/scripts';
import { api } from '../../../api/index';

/** Where an object is, and what the tree says beside it. */
export interface ScriptSubject {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
  readonly note: string;
}

export const TABLE_SCRIPTS = ['select', 'insert', 'update', 'delete'] as const;
export const ROW_SCRIPTS = ['all', 'first', 'last', 'filtered'] as const;
export type ScriptName = (typeof TABLE_SCRIPTS)[number] | (typeof ROW_SCRIPTS)[number] | 'create' | 'execute';

/** Rows that *first* and *last* show. */
export const SOME_ROWS = 100;

async function columnsOf({ serverId, database, object }: ScriptSubject): Promise<ScriptColumn[]> {
  const nodes = await api.catalog.children({
    serverId,
    database,
    folder: 'columns',
    parent: object,
    showSystem: false,
  });
  return nodes.map(({ ref, note, mark }) => scriptColumn(ref.name, note, mark));
}

/** The text of a script; what it needs to know of the object is read for it. */
export async function scriptText(name: ScriptName, subject: ScriptSubject): Promise<string> {
  const { serverId, database, object, note } = subject;
  if (name === 'create') return (await api.catalog.ddl({ serverId, database, object })).sql;
  if (name === 'execute') return executeScript(object, note);
  const columns = await columnsOf(subject);
  switch (name) {
    case 'select':
      return selectColumnsScript(object, columns);
    case 'insert':
      return insertScript(object, columns);
    case 'update':
      return updateScript(object, columns);
    case 'delete':
      return deleteScript(object, columns);
    case 'all':
      return rowsScript(object, columns, { limit: null, last: false });
    case 'first':
      return rowsScript(object, columns, { limit: SOME_ROWS, last: false });
    case 'last':
      return rowsScript(object, columns, { limit: SOME_ROWS, last: true });
    case 'filtered':
      return filteredScript(object, columns);
  }
}

/** Scripts that only read are run at once. */
export const runsAtOnce = (name: ScriptName): boolean => name === 'all' || name === 'first' || name === 'last';
