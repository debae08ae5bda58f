import { describe, expect, test } from 'vitest';
import { FrameWalker } from '../../electron/adapters/postgres/frame-walker';

function frame(type: string, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head[0] = type.charCodeAt(0);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

function walk(chunks: readonly Buffer[]) {
  const data: Buffer[] = [];
  const messages: string[] = [];
  const walker = new FrameWalker({
    copyData: (bytes) => void data.push(Buffer.from(bytes)),
    message: (type, body) => void messages.push(`${String.fromCharCode(type)}${body.toString()}`),
  });
  for (const chunk of chunks) walker.push(chunk);
  return { data: Buffer.concat(data), messages };
}

const rows = [frame('d', '1\tone\n'), frame('d', ''), frame('d', `2\t${'x'.repeat(60)}\n`)];
const stream = Buffer.concat([
  frame('H', '\0'),
  ...rows,
  frame('N', 'a notice'),
  frame('d', 'last\n'),
  frame('c', ''),
  frame('C', 'COPY 4\0'),
  frame('Z', 'T'),
]);
const expected = {
  data: Buffer.concat([...rows, frame('d', 'last\n')]),
  messages: ['H\0', 'Na notice', 'c', 'CCOPY 4\0', 'ZT'],
};

describe('walking over a COPY', () => {
  test('in one chunk', () => {
    expect(walk([stream])).toEqual(expected);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 11, 61, 64])('in chunks of %i bytes', (size) => {
    const chunks: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
    expect(walk(chunks)).toEqual(expected);
  });

  test('cut at any two places', () => {
    for (let first = 0; first < stream.length; first += 3) {
      for (let second = first; second < stream.length; second += 7) {
        const chunks = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
        const seen = walk(chunks);
        expect(seen.data.equals(expected.data) && seen.messages.join() === expected.messages.join()).toBe(true);
      }
    }
  });

  test('what is missing of the last row is told with every part of it', () => {
    const missing: number[] = [];
    const walker = new FrameWalker({
      copyData: (_bytes, toCome) => void missing.push(toCome),
      message: () => undefined,
    });
    const row = frame('d', '0123456789');
    for (const [from, to] of [
      [0, 3],
      [3, 7],
      [7, 12],
      [12, 15],
    ]) {
      walker.push(row.subarray(from, to));
    }
    expect(missing).toEqual([10, 8, 3, 0]);
  });

  test('data is handed on in ranges as large as the chunk, not row by row', () => {
    const ranges: number[] = [];
    const walker = new FrameWalker({ copyData: (bytes) => void ranges.push(bytes.length), message: () => undefined });
    const many = Buffer.concat(Array.from({ length: 1000 }, () => frame('d', 'a row\n')));
    walker.push(many);
    expect(ranges).toEqual([many.length]);
  });

  test.each([3, -1, 0x4000_0001])('a message of length %i is refused', (length) => {
    const bad = Buffer.alloc(5);
    bad[0] = 0x43;
    bad.writeInt32BE(length, 1);
    expect(() => walk([bad])).toThrow(/not its protocol/);
  });
});
