import type {
  Begin,
  ChangeSink,
  Commit,
  Relation,
  Wait,
} from '../../electron/control-plane/migration/follow/change-stream';

/** A value of a row: text, NULL, or not sent. */
export type RecordedValue = string | null | undefined;

export type RecordedChange =
  | ({ readonly kind: 'begin' } & Begin)
  | ({ readonly kind: 'commit' } & Commit)
  | { readonly kind: 'origin'; readonly name: string }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'insert'; readonly table: string; readonly values: readonly RecordedValue[] }
  | {
      readonly kind: 'update';
      readonly table: string;
      readonly old: 'none' | 'key' | 'full';
      readonly oldValues: readonly RecordedValue[] | null;
      readonly values: readonly RecordedValue[];
    }
  | {
      readonly kind: 'delete';
      readonly table: string;
      readonly old: 'key' | 'full';
      readonly oldValues: readonly RecordedValue[];
    }
  | {
      readonly kind: 'truncate';
      readonly tables: readonly string[];
      readonly cascade: boolean;
      readonly restartIdentity: boolean;
    }
  | { readonly kind: 'message'; readonly prefix: string; readonly content: string; readonly transactional: boolean };

/** The values of a TupleData, copied. `encoding` of the text: `latin1` keeps bytes apart that are no UTF-8. */
export function valuesAt(bytes: Buffer, at: number, encoding: BufferEncoding = 'utf8'): RecordedValue[] {
  const values: RecordedValue[] = [];
  let position = at + 2;
  for (let left = bytes.readInt16BE(at); left > 0; left -= 1) {
    const kind = String.fromCharCode(bytes[position] ?? 0);
    if (kind === 't') {
      const begin = position + 5;
      position = begin + bytes.readInt32BE(position + 1);
      values.push(bytes.toString(encoding, begin, position));
      continue;
    }
    values.push(kind === 'n' ? null : undefined);
    position += 1;
  }
  return values;
}

export interface ChangeRecorder extends ChangeSink {
  readonly changes: RecordedChange[];
  /** Only the rows of a table, in their order. */
  rows(table: string): RecordedChange[];
  clear(): void;
}

/**
 * A sink that writes down what it gets. `wait` is asked for each change: a promise holds the stream back, as a sink that has enough does.
 */
export function createRecorder(wait: (change: RecordedChange) => Wait = () => undefined): ChangeRecorder {
  const changes: RecordedChange[] = [];
  const record = (change: RecordedChange): Wait => {
    changes.push(change);
    return wait(change);
  };
  const nameOf = ({ schema, name }: Relation): string => `${schema}.${name}`;
  return {
    changes,
    rows: (table) => changes.filter((change) => 'table' in change && change.table === table),
    clear: () => void changes.splice(0),
    begin: (begin) => record({ kind: 'begin', ...begin }),
    commit: (commit) => record({ kind: 'commit', ...commit }),
    origin: (name) => record({ kind: 'origin', name }),
    relation: (relation) => record({ kind: 'relation', relation }),
    insert: (relation, bytes, at) => record({ kind: 'insert', table: nameOf(relation), values: valuesAt(bytes, at) }),
    update: (relation, old, bytes, oldAt, newAt) =>
      record({
        kind: 'update',
        table: nameOf(relation),
        old,
        oldValues: old === 'none' ? null : valuesAt(bytes, oldAt),
        values: valuesAt(bytes, newAt),
      }),
    delete: (relation, old, bytes, oldAt) =>
      record({ kind: 'delete', table: nameOf(relation), old, oldValues: valuesAt(bytes, oldAt) }),
    truncate: (relations, cascade, restartIdentity) =>
      record({ kind: 'truncate', tables: relations.map(nameOf), cascade, restartIdentity }),
    message: (prefix, content, transactional) =>
      record({ kind: 'message', prefix, content: content.toString(), transactional }),
  };
}
