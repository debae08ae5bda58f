/**
 * Changes of a source in the order of its commits, whoever decodes them (pgoutput, wal2json, test_decoding). The values of rows stay as they
 * came: bytes of text, never numbers or dates of JavaScript.
 */

/** A position in the WAL: the 64 bits of `X/Y`. */
export type Lsn = bigint;

export interface RelationColumn {
  readonly name: string;
  /** Of the source; for words to people only: types are matched by name, never by number. */
  readonly typeOid: number;
  readonly typeModifier: number;
  /** Part of the replica identity. */
  readonly key: boolean;
}

/** A table of the source as its changes are written from now on. A new object each time the source tells it anew. */
export interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly identity: 'default' | 'nothing' | 'full' | 'index';
  readonly columns: readonly RelationColumn[];
}

export interface Begin {
  readonly xid: number;
  /** Start of the commit record. A snapshot taken at `s` holds the transaction when this is below `s`. */
  readonly commitLsn: Lsn;
  /** By the clock of the source, milliseconds since the epoch. */
  readonly committedAt: number;
}

export interface Commit {
  readonly commitLsn: Lsn;
  /** The only safe key of progress: it grows from one transaction to the next, begins and rows do not. */
  readonly endLsn: Lsn;
  readonly committedAt: number;
}

/** What to do about a change that a method cannot take at once: nothing more is delivered until the promise resolves. */
export type Wait = Promise<void> | undefined;

/**
 * Takes the changes of one database. A rejected promise, or an exception, ends the stream with that reason.
 *
 * Where the values of a row lie is told as a position in `bytes`: pgoutput's TupleData (Int16 number of columns, then for each a byte: `n` NULL,
 * `u` unchanged and not sent, `t` text with its Int32 length and bytes; `b` is never asked for). It is valid only during the call, or until the
 * promise resolves: what is kept is copied.
 */
export interface ChangeSink {
  begin(begin: Begin): Wait;
  commit(commit: Commit): Wait;
  /** The transaction at hand came to the source from another server. */
  origin(name: string): Wait;
  relation(relation: Relation): Wait;
  insert(relation: Relation, bytes: Buffer, at: number): Wait;
  /**
   * `old`: which of the old values came: none (the key did not change), those of the key, or all of them (replica identity full); `oldAt` is -1
   * with none.
   */
  update(relation: Relation, old: 'none' | 'key' | 'full', bytes: Buffer, oldAt: number, newAt: number): Wait;
  /** In a `key` tuple what is not of the key comes as NULL. */
  delete(relation: Relation, old: 'key' | 'full', bytes: Buffer, oldAt: number): Wait;
  truncate(relations: readonly Relation[], cascade: boolean, restartIdentity: boolean): Wait;
  /** A logical message (`pg_logical_emit_message`); `content` is valid during the call. Not transactional ones come outside of begin and commit. */
  message(prefix: string, content: Buffer, transactional: boolean, lsn: Lsn): Wait;
}

/** Throws on what is not of the form `X/Y`. */
export function parseLsn(text: string): Lsn {
  const found = /^([\dA-Fa-f]{1,8})\/([\dA-Fa-f]{1,8})$/.exec(text);
  if (!found) throw new Error(`"${text}" is no position in the WAL`);
  return (BigInt(`0x${found[1]}`) << 32n) | BigInt(`0x${found[2]}`);
}

export const formatLsn = (lsn: Lsn): string =>
  `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffff_ffffn).toString(16).toUpperCase()}`;
