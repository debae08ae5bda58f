import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkManifest } from '../../electron/control-plane/cluster/backup-manifest';
import { crc32c, crc32cText } from '../../electron/control-plane/cluster/crc32c';
import { safePath, TarReader } from '../../electron/control-plane/cluster/tar-reader';
import { Unpacker } from '../../electron/control-plane/cluster/unpack';

interface Entry {
  readonly name: string;
  readonly kind?: string;
  readonly content?: Buffer;
  readonly link?: string;
}

/** A ustar archive without the two empty blocks, as servers up to 14 send it. */
function tar(...entries: readonly Entry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ name, kind = '0', content = Buffer.alloc(0), link = '' }) => {
      const header = Buffer.alloc(512);
      header.write(name, 0);
      header.write('0000600\0', 100);
      header.write(`${content.length.toString(8).padStart(11, '0')} `, 124);
      header.write(kind, 156);
      header.write(link, 157);
      header.write('ustar\0', 257);
      header.fill(' ', 148, 156);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
      return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
    }),
  );
}

const END = Buffer.alloc(1024);
const large = Buffer.alloc(700_000, 'large file ');
const GOOD: Entry[] = [
  { name: 'backup_label', content: Buffer.from('label') },
  { name: 'base', kind: '5' },
  { name: 'base/1/', kind: '5' },
  { name: 'base/1/empty' },
  { name: 'base/1/112', content: Buffer.alloc(512, 7) },
  { name: 'base/1/113', content: large },
];

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-unpack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function unpack(archive: Buffer, size = 32_768): Promise<Unpacker> {
  const unpacker = new Unpacker(folder, null, true);
  try {
    for (let at = 0; at < archive.length; at += size) await unpacker.write(archive.subarray(at, at + size));
    await unpacker.finish();
  } finally {
    await unpacker.close();
  }
  return unpacker;
}

describe('unpacking', () => {
  it.each([1021, 512, 32_768, 10_000_000])('brings every byte, in chunks of %i', async (size) => {
    const { files } = await unpack(Buffer.concat([tar(...GOOD), END]), size);
    expect([...files.keys()]).toEqual(['backup_label', 'base/1/empty', 'base/1/112', 'base/1/113']);
    expect(files.get('base/1/113')).toEqual({ size: large.length, checksum: crc32c(large) });
    expect((await readFile(join(folder, 'base/1/113'))).equals(large)).toBe(true);
    expect((await stat(join(folder, 'base/1/112'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'base/1'))).mode & 0o777).toBe(0o700);
  });

  it('takes an archive without its empty end, and none that broke off', async () => {
    await unpack(tar(...GOOD));
    await rm(join(folder, 'base'), { recursive: true });
    await rm(join(folder, 'backup_label'));
    await expect(unpack(tar(...GOOD).subarray(0, -600))).rejects.toThrow('it broke off');
  });

  it.each<[string, Entry]>([
    ['an absolute path', { name: '/etc/passwd' }],
    ['a way up', { name: '../outside' }],
    ['a way up further down', { name: 'base/../../outside' }],
    ['a way up at the end', { name: 'base/..', kind: '5' }],
    ['a path of Windows', { name: String.raw`base\..\..\outside` }],
    ['a drive', { name: 'C:outside' }],
    ['an empty name', { name: '' }],
    ['a symbolic link', { name: 'pg_tblspc/1', kind: '2', link: '/etc' }],
    ['a hard link', { name: 'passwd', kind: '1', link: '/etc/passwd' }],
    ['a device', { name: 'null', kind: '3' }],
    ['a long name of GNU', { name: '././@LongLink', kind: 'L', content: Buffer.from('../../outside') }],
    ['a header of pax', { name: 'pax', kind: 'x', content: Buffer.from('20 path=../../outside\n') }],
  ])('refuses %s', async (_name, entry) => {
    await expect(unpack(tar({ name: 'base', kind: '5' }, entry, GOOD[0] as Entry))).rejects.toMatchObject({
      info: { code: 'unsupported' },
    });
    expect(await readdir(folder)).toEqual(['base']);
  });

  it('writes no file twice and follows no link', async () => {
    await expect(unpack(tar({ name: 'one', content: Buffer.from('1') }, { name: 'one' }))).rejects.toThrow('EEXIST');
    await rm(join(folder, 'one'));
    await symlink('/nowhere/at/all', join(folder, 'one'));
    await expect(unpack(tar({ name: 'one', content: Buffer.from('1') }))).rejects.toThrow('EEXIST');
  });

  it('notices a damaged header and what is no archive', async () => {
    const damaged = tar(...GOOD);
    damaged[3] = 0x41;
    await expect(unpack(damaged)).rejects.toThrow('checksum');
    await expect(unpack(Buffer.alloc(512, 'SELECT 1;'))).rejects.toMatchObject({ info: { code: 'unsupported' } });
    await expect(unpack(Buffer.concat([tar(GOOD[0] as Entry), END, tar(GOOD[3] as Entry)]))).rejects.toThrow('its end');
  });

  it('reads sizes of more than eight gibibytes', () => {
    const header = tar({ name: 'huge' });
    header.fill(0, 124, 136);
    header[124] = 0x80;
    header.writeUInt32BE(3, 128);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const [part] = new TarReader().read(header);
    expect(part).toMatchObject({ entry: { path: 'huge', size: 3 * 2 ** 32 } });
  });

  it('knows paths that stay inside', () => {
    expect(safePath('./base/1/')).toBe('base/1');
    expect(safePath('base/1/..x')).toBe('base/1/..x');
    expect(() => safePath('base//1')).toThrow('leads out');
  });
});

describe('the manifest', () => {
  /** As backup_manifest.c writes it. */
  function manifest(files: readonly object[]): Buffer {
    const body = `{ "PostgreSQL-Backup-Manifest-Version": 1,\n"Files": ${JSON.stringify(files)},\n"WAL-Ranges": [],\n`;
    return Buffer.from(`${body}"Manifest-Checksum": "${createHash('sha256').update(body).digest('hex')}"}\n`);
  }
  const content = Buffer.from('123456789');
  const file = { Path: 'base/1', Size: 9, 'Checksum-Algorithm': 'CRC32C', Checksum: crc32cText(crc32c(content)) };
  const received = { size: 9, checksum: crc32c(content) };

  it('has the checksum of the standard, in pieces too', () => {
    expect(crc32c(content)).toBe(0xe306_9283);
    expect(crc32c(content.subarray(4), crc32c(content.subarray(0, 4)))).toBe(0xe306_9283);
  });

  it('accepts what was sent, and log beside it', () => {
    const encoded = { ...file, Path: undefined, 'Encoded-Path': Buffer.from('base/2').toString('hex') };
    const files = new Map([
      ['base/1', received],
      ['base/2', received],
      ['pg_wal/000000010000000000000001', { size: 1, checksum: 0 }],
    ]);
    expect(() => checkManifest(manifest([file, encoded]), files)).not.toThrow();
  });

  it.each<[string, Map<string, { size: number; checksum: number }>]>([
    ['is missing', new Map()],
    ['has 8 bytes instead of 9', new Map([['base/1', { ...received, size: 8 }]])],
    ['has another checksum', new Map([['base/1', { ...received, checksum: 1 }]])],
    ['is not in the manifest', new Map([...[['base/1', received] as const], ['base/666', received]])],
  ])('tells that a file %s', (what, files) => {
    expect(() => checkManifest(manifest([file]), files)).toThrow(what);
  });

  it('notices that it is damaged itself', () => {
    const bytes = manifest([file]);
    bytes[bytes.indexOf('9')] = 0x38;
    expect(() => checkManifest(bytes, new Map([['base/1', received]]))).toThrow('manifest is damaged');
    expect(() => checkManifest(bytes.subarray(0, 40), new Map())).toThrow('manifest is damaged');
  });
});
