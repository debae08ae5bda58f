/** CRC-32C (Castagnoli), the checksum of a backup's manifest; eight bytes at a time. Source: src/port/pg_crc32c_sb8.c. */

const POLYNOMIAL = 0x82f6_3b78;

const TABLES: readonly Int32Array[] = (() => {
  const first = Int32Array.from({ length: 256 }, (_value, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    return value;
  });
  const tables = [first];
  for (let table = 1; table < 8; table += 1) {
    const before = tables[table - 1] ?? first;
    tables.push(before.map((value) => (value >>> 8) ^ (first[value & 0xff] ?? 0)));
  }
  return tables;
})();

const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

/** The checksum of nothing. */
export const CRC32C_START = 0;

/** Goes on from the checksum of what came before. */
export function crc32c(bytes: Uint8Array, before: number = CRC32C_START): number {
  let crc = ~before;
  let at = 0;
  const byte = (offset: number): number => bytes[at + offset] as number;
  for (const end = bytes.length - 7; at < end; at += 8) {
    crc ^= byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
    crc =
      (T7[crc & 0xff] as number) ^
      (T6[(crc >>> 8) & 0xff] as number) ^
      (T5[(crc >>> 16) & 0xff] as number) ^
      (T4[crc >>> 24] as number) ^
      (T3[byte(4)] as number) ^
      (T2[byte(5)] as number) ^
      (T1[byte(6)] as number) ^
      (T0[byte(7)] as number);
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ (T0[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

/** As the manifest writes it: the four bytes in the order of the machine that made it. All machines that PostgreSQL runs on here are little-endian. */
export function crc32cText(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(crc);
  return bytes.toString('hex');
}
