import type { Relation } from '../../electron/control-plane/migration/follow/change-stream';

/** A value as pgoutput writes it: text, NULL, or not sent because it did not change. */
export type WrittenValue = string | Buffer | null | undefined;

const uint8 = (value: number): Buffer => Buffer.from([value]);
export const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};
export const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt.asIntN(64, value));
  return bytes;
};
const cString = (text: string): Buffer => Buffer.from(`${text}\0`);
/** `milliseconds` since 1970 as microseconds since 2000. */
const time = (milliseconds: number): Buffer => int64(BigInt(milliseconds - 946_684_800_000) * 1000n);

/** A TupleData; `undefined` is a value that is not sent. */
export const tuple = (values: readonly WrittenValue[]): Buffer =>
  Buffer.concat([
    int16(values.length),
    ...values.flatMap((value) => {
      if (value === null) return [Buffer.from('n')];
      if (value === undefined) return [Buffer.from('u')];
      const bytes = Buffer.from(value);
      return [Buffer.from('t'), int32(bytes.length), bytes];
    }),
  ]);

/** Writes every message of pgoutput; `xid` is given for those within blocks of streamed transactions. */
const head = (type: string, xid?: number): Buffer[] => [Buffer.from(type), ...(xid === undefined ? [] : [int32(xid)])];
const IDENTITY = { default: 'd', nothing: 'n', full: 'f', index: 'i' } as const;

export const write = {
  begin: (xid: number, commitLsn: bigint, committedAt = 0): Buffer =>
    Buffer.concat([...head('B'), int64(commitLsn), time(committedAt), int32(xid)]),
  commit: (commitLsn: bigint, endLsn: bigint, committedAt = 0): Buffer =>
    Buffer.concat([...head('C'), uint8(0), int64(commitLsn), int64(endLsn), time(committedAt)]),
  origin: (name: string, lsn = 0n): Buffer => Buffer.concat([...head('O'), int64(lsn), cString(name)]),
  relation: (relation: Relation, xid?: number): Buffer =>
    Buffer.concat([
      ...head('R', xid),
      int32(relation.oid),
      cString(relation.schema),
      cString(relation.name),
      Buffer.from(IDENTITY[relation.identity]),
      int16(relation.columns.length),
      ...relation.columns.flatMap(({ name, typeOid, typeModifier, key }) => [
        uint8(key ? 1 : 0),
        cString(name),
        int32(typeOid),
        int32(typeModifier),
      ]),
    ]),
  type: (oid: number, schema: string, name: string, xid?: number): Buffer =>
    Buffer.concat([...head('Y', xid), int32(oid), cString(schema), cString(name)]),
  insert: (oid: number, values: readonly WrittenValue[], xid?: number): Buffer =>
    Buffer.concat([...head('I', xid), int32(oid), Buffer.from('N'), tuple(values)]),
  update: (
    oid: number,
    old: { readonly kind: 'key' | 'full'; readonly values: readonly WrittenValue[] } | null,
    values: readonly WrittenValue[],
    xid?: number,
  ): Buffer =>
    Buffer.concat([
      ...head('U', xid),
      int32(oid),
      ...(old ? [Buffer.from(old.kind === 'key' ? 'K' : 'O'), tuple(old.values)] : []),
      Buffer.from('N'),
      tuple(values),
    ]),
  delete: (oid: number, kind: 'key' | 'full', values: readonly WrittenValue[], xid?: number): Buffer =>
    Buffer.concat([...head('D', xid), int32(oid), Buffer.from(kind === 'key' ? 'K' : 'O'), tuple(values)]),
  truncate: (oids: readonly number[], cascade = false, restartIdentity = false, xid?: number): Buffer =>
    Buffer.concat([
      ...head('T', xid),
      int32(oids.length),
      uint8((cascade ? 1 : 0) + (restartIdentity ? 2 : 0)),
      ...oids.map(int32),
    ]),
  message: (
    prefix: string,
    content: string | Buffer,
    { transactional = true, lsn = 0n, xid }: { transactional?: boolean; lsn?: bigint; xid?: number } = {},
  ): Buffer => {
    const bytes = Buffer.from(content);
    return Buffer.concat([
      ...head('M', xid),
      uint8(transactional ? 1 : 0),
      int64(lsn),
      cString(prefix),
      int32(bytes.length),
      bytes,
    ]);
  },
  streamStart: (xid: number, first: boolean): Buffer => Buffer.concat([...head('S'), int32(xid), uint8(first ? 1 : 0)]),
  streamStop: (): Buffer => Buffer.from('E'),
  streamCommit: (xid: number, commitLsn: bigint, endLsn: bigint, committedAt = 0): Buffer =>
    Buffer.concat([...head('c'), int32(xid), uint8(0), int64(commitLsn), int64(endLsn), time(committedAt)]),
  streamAbort: (xid: number, sub: number, details?: { readonly lsn: bigint; readonly at: number }): Buffer =>
    Buffer.concat([...head('A'), int32(xid), int32(sub), ...(details ? [int64(details.lsn), time(details.at)] : [])]),
};

/** A table of tests: columns of text, the first `keys` of them its key. */
export const table = (
  oid: number,
  name: string,
  columns: readonly string[],
  {
    keys = 1,
    identity = 'default',
    schema = 'public',
  }: Partial<{ keys: number } & Pick<Relation, 'identity' | 'schema'>> = {},
): Relation => ({
  oid,
  schema,
  name,
  identity,
  columns: columns.map((column, index) => ({
    name: column,
    typeOid: 25,
    typeModifier: -1,
    key: identity === 'full' || index < keys,
  })),
});
