import { describe, expect, it } from 'vitest';
import { WireDecoder } from '../../electron/adapters/postgres/wire-decoder';
import { parseNotice, parseRowDescription } from '../../electron/adapters/postgres/wire-messages';
import { decodeRow, rowSize } from '../../electron/adapters/postgres/wire-rows';
import type { Row } from '../../shared/model/query';
import { dataRow, message } from '../support/wire';

/** What a decoder hands on, copied, in order. */
function collect() {
  const seen: (Row | { type: number; body: string })[] = [];
  const decoder = new WireDecoder({
    rows(chunk, start, end, count) {
      let at = start;
      let found = 0;
      for (; at < end; at += rowSize(chunk, at)) {
        seen.push(decodeRow(chunk, at, Number.MAX_SAFE_INTEGER));
        found += 1;
      }
      expect([at, found]).toEqual([end, count]);
    },
    message: (type, body) => void seen.push({ type, body: body.toString('utf8') }),
  });
  return { seen, decoder };
}

const stream = Buffer.concat([
  message('T', Buffer.from([0, 0])),
  dataRow(['1', null, '', 'é🐘']),
  dataRow([]),
  message('N', Buffer.from('note')),
  dataRow(['x'.repeat(5000), null]),
  dataRow(['2']),
  message('C', Buffer.from('SELECT 4\0')),
  message('Z', Buffer.from('I')),
]);
const whole = (() => {
  const { seen, decoder } = collect();
  decoder.push(stream);
  return seen;
})();

describe('WireDecoder', () => {
  it('finds every message of a stream in one chunk', () => {
    expect(
      whole.map((each) => (Array.isArray(each) ? each.length : String.fromCharCode((each as { type: number }).type))),
    ).toEqual(['T', 4, 0, 'N', 2, 1, 'C', 'Z']);
    expect(whole[1]).toEqual(['1', null, '', 'é🐘']);
  });

  it('finds the same when fed byte by byte', () => {
    const { seen, decoder } = collect();
    for (let at = 0; at < stream.length; at += 1) decoder.push(stream.subarray(at, at + 1));
    expect(seen).toEqual(whole);
  });

  it.each(Array.from({ length: 100 }, (_none, seed) => [seed + 1]))(
    'finds the same in chunks at random, seed %i',
    (seed) => {
      const { seen, decoder } = collect();
      let state = seed * 7919;
      for (let at = 0; at < stream.length;) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
        const end = Math.min(stream.length, at + 1 + (state % (seed % 3 === 0 ? 9 : 900)));
        // A fresh buffer each time, as sockets give: a view into a reused one would show.
        const chunk = Buffer.from(stream.subarray(at, end));
        decoder.push(chunk);
        chunk.fill(0xff);
        at = end;
      }
      expect(seen).toEqual(whole);
    },
  );

  it.each([[3], [0], [0x7fff_ffff]])('refuses a length of %i', (length) => {
    const bad = Buffer.alloc(16);
    bad[0] = 0x44;
    bad.writeInt32BE(length, 1);
    expect(() => collect().decoder.push(bad)).toThrow('not its protocol');
  });
});

describe('messages', () => {
  it('reads a row description', () => {
    const field = Buffer.concat([Buffer.from('naïve\0'), Buffer.alloc(18)]);
    field.writeUInt32BE(4_000_000_000, 7);
    field.writeInt16BE(3, 11);
    field.writeUInt32BE(1700, 13);
    field.writeInt32BE(-1, 19);
    expect(parseRowDescription(Buffer.concat([Buffer.from([0, 1]), field]))).toEqual([
      { name: 'naïve', tableOid: 4_000_000_000, columnNumber: 3, typeOid: 1700, typeModifier: -1 },
    ]);
  });

  it('reads an error, the severity without the server’s language', () => {
    const body = Buffer.from('SFEHLER\0VERROR\0C42703\0Mno such column\0Hlook\0P12\0Wcontext\0\0');
    expect(parseNotice(body)).toEqual({
      severity: 'ERROR',
      sqlstate: '42703',
      message: 'no such column',
      detail: '',
      hint: 'look',
      where: 'context',
      position: 12,
      internalQuery: '',
    });
  });
});

describe('decodeRow', () => {
  it('cuts long values so that a cut one can be told', () => {
    const row = dataRow(['abcd', 'abcde', 'éééééé', '🐘🐘🐘🐘']);
    const cut = decodeRow(row, 0, 4);
    expect(cut.map((value) => value?.length)).toEqual([4, 5, 5, 5]);
    expect(cut.slice(0, 3)).toEqual(['abcd', 'abcde', 'ééééé']);
  });
});
