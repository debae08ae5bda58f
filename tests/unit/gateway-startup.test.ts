import { describe, expect, it } from 'vitest';
import { createGreetingReader, errorResponse, readFirstPacket } from '../../electron/control-plane/gateway/startup';

function packet(code: number, rest: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + rest.length, 0);
  head.writeUInt32BE(code, 4);
  return Buffer.concat([head, rest]);
}
const startup = (text: string, version = 196_608) => packet(version, Buffer.from(text));

describe('a first packet', () => {
  it.each([
    ['SSLRequest', packet(80_877_103), 'ssl'],
    ['GSSENCRequest', packet(80_877_104), 'gssenc'],
    ['CancelRequest', packet(80_877_102, Buffer.alloc(8, 7)), 'cancel'],
    ['CancelRequest of protocol 3.2', packet(80_877_102, Buffer.alloc(36, 7)), 'cancel'],
    ['StartupMessage', startup('user\0shop\0database\0orders\0\0'), 'startup'],
    ['StartupMessage of protocol 3.2', startup('user\0shop\0\0', 196_610), 'startup'],
    ['a TLS handshake', Buffer.from([0x16, 3, 1]), 'direct-tls'],
    ['nothing', Buffer.alloc(0), 'incomplete'],
    ['half a packet', startup('user\0shop\0\0').subarray(0, 12), 'incomplete'],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n'), 'garbage'],
    ['an older protocol', startup('user\0shop\0\0', 131_072), 'garbage'],
    ['a packet longer than any server takes', Buffer.from([0, 0, 0x40, 0, 0, 3, 0, 0]), 'garbage'],
    ['a packet shorter than its head', Buffer.from([0, 0, 0, 4, 0, 3, 0, 0]), 'garbage'],
    ['an SSLRequest with more in it', packet(80_877_103, Buffer.from('x')), 'garbage'],
    ['a CancelRequest without key', packet(80_877_102), 'garbage'],
    ['a StartupMessage without its end', startup('user\0shop'), 'garbage'],
  ])('%s is %s', (_, bytes, kind) => {
    expect(readFirstPacket(bytes).kind).toBe(kind);
  });

  it('tells parameters and keys', () => {
    const found = readFirstPacket(startup('user\0shop\0options\0-c x=1\0\0'));
    expect(found.kind === 'startup' && [...found.parameters]).toEqual([
      ['user', 'shop'],
      ['options', '-c x=1'],
    ]);
    expect(readFirstPacket(packet(80_877_102, Buffer.from('0000002a01020304', 'hex')))).toMatchObject({
      key: '0000002a01020304',
    });
  });

  it('never throws, whatever comes', () => {
    let seed = 42;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256)));
      if (random() < 0.5) bytes.fill(0, 0, Math.min(3, bytes.length));
      expect(['incomplete', 'ssl', 'gssenc', 'cancel', 'startup', 'direct-tls', 'garbage']).toContain(
        readFirstPacket(bytes).kind,
      );
    }
  });
});

describe('a greeting', () => {
  const message = (type: string, content: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeUInt32BE(content.length + 4, 1);
    return Buffer.concat([head, content]);
  };
  const whole = Buffer.concat([
    message('R', Buffer.alloc(4)),
    message('S', Buffer.from('server_version\x0017.10\0')),
    message('K', Buffer.from('0000002a01020304', 'hex')),
    message('Z', Buffer.from('I')),
    message('T', Buffer.alloc(100)),
  ]);

  it.each([1, 2, 3, 5, 7, 1000])('is read in pieces of %i bytes', (size) => {
    const read = createGreetingReader();
    let seen: ReturnType<typeof read> = { state: 'open' };
    for (let at = 0; at < whole.length && seen.state === 'open'; at += size) seen = read(whole.subarray(at, at + size));
    expect(seen).toEqual({ state: 'ready', key: '0000002a01020304' });
  });

  it('of something else is given up', () => {
    expect(createGreetingReader()(Buffer.from('HTTP/1.1 200 OK')).state).toBe('unreadable');
  });
});

it('writes an ErrorResponse that clients understand', () => {
  const bytes = errorResponse('57P03', 'not now');
  expect(bytes.toString('latin1', 0, 1)).toBe('E');
  expect(bytes.readUInt32BE(1)).toBe(bytes.length - 1);
  expect(bytes.toString('latin1', 5)).toBe('SFATAL\0VFATAL\0C57P03\0Mnot now\0\0');
});
