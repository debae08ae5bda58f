import type { Begin, Commit, Relation, RelationColumn } from '../change-stream';
import type { MessageReader } from './message-reader';

/**
 * The messages of pgoutput that are rare; rows are read where they come. Each function reads all that follows the type byte (and the transaction,
 * inside of a streamed one). Source: PostgreSQL's documentation, "Logical Replication Message Formats".
 */

const IDENTITIES: Readonly<Record<string, Relation['identity']>> = {
  d: 'default',
  n: 'nothing',
  f: 'full',
  i: 'index',
};
/** A table has at most 1600 columns. */
const COLUMNS_MAX = 1600;
const KEY_COLUMN = 1;
const TRUNCATE_CASCADE = 1;
const TRUNCATE_RESTART = 2;

export function readBegin(reader: MessageReader): Begin {
  const commitLsn = reader.lsn();
  const committedAt = reader.time();
  const xid = reader.uint32();
  reader.end();
  return { xid, commitLsn, committedAt };
}

export function readCommit(reader: MessageReader): Commit {
  const flags = reader.uint8();
  if (flags !== 0) throw reader.damage(`flags ${flags} are unknown`);
  const commitLsn = reader.lsn();
  const endLsn = reader.lsn();
  const committedAt = reader.time();
  reader.end();
  if (endLsn <= commitLsn) throw reader.damage('it ends before it begins');
  return { commitLsn, endLsn, committedAt };
}

export function readOrigin(reader: MessageReader): string {
  reader.lsn();
  const name = reader.text();
  reader.end();
  return name;
}

function readColumn(reader: MessageReader): RelationColumn {
  const flags = reader.uint8();
  if (flags > KEY_COLUMN) throw reader.damage(`flags ${flags} of a column are unknown`);
  const name = reader.text();
  const typeOid = reader.uint32();
  const typeModifier = reader.int32();
  return { name, typeOid, typeModifier, key: flags === KEY_COLUMN };
}

export function readRelation(reader: MessageReader): Relation {
  const oid = reader.uint32();
  // The schema of the system is not named.
  const schema = reader.text() || 'pg_catalog';
  const name = reader.text();
  const letter = String.fromCharCode(reader.uint8());
  const identity = IDENTITIES[letter];
  if (!identity) throw reader.damage(`replica identity ${JSON.stringify(letter)} is unknown`);
  const count = reader.int16();
  if (count < 0 || count > COLUMNS_MAX) throw reader.damage(`${count} columns`);
  const columns: RelationColumn[] = [];
  while (columns.length < count) columns.push(readColumn(reader));
  reader.end();
  return { oid, schema, name, identity, columns };
}

/** Types are matched by name elsewhere: this one is only checked. */
export function skipType(reader: MessageReader): void {
  reader.uint32();
  reader.text();
  reader.text();
  reader.end();
}

export interface Truncate {
  readonly oids: readonly number[];
  readonly cascade: boolean;
  readonly restartIdentity: boolean;
}

export function readTruncate(reader: MessageReader): Truncate {
  const count = reader.int32();
  const options = reader.uint8();
  if (options > (TRUNCATE_CASCADE | TRUNCATE_RESTART)) throw reader.damage(`options ${options} are unknown`);
  if (count < 1 || count * 4 !== reader.left) throw reader.damage(`${count} tables in ${reader.left} bytes`);
  const oids: number[] = [];
  while (oids.length < count) oids.push(reader.uint32());
  return {
    oids,
    cascade: (options & TRUNCATE_CASCADE) !== 0,
    restartIdentity: (options & TRUNCATE_RESTART) !== 0,
  };
}

export interface LogicalMessage {
  readonly transactional: boolean;
  readonly lsn: bigint;
  readonly prefix: string;
  /** A view of the message. */
  readonly content: Buffer;
}

export function readMessage(reader: MessageReader): LogicalMessage {
  const flags = reader.uint8();
  if (flags > 1) throw reader.damage(`flags ${flags} are unknown`);
  const lsn = reader.lsn();
  const prefix = reader.text();
  const content = reader.view(reader.int32());
  reader.end();
  return { transactional: flags === 1, lsn, prefix, content };
}
