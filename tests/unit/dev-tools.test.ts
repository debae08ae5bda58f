import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAsar } from '../../electron/dev/asar.mjs';
import { readFuses, setFuses } from '../../electron/dev/fuses.mjs';
import { readPlaywright, readReport, readVitest, sum, totals } from '../../electron/dev/results.mjs';
import { resolveRuntime } from '../../electron/dev/runtime.mjs';
import { packagesAreInstalled } from '../../electron/dev/setup.mjs';
import { zipBytes, zipEntries } from '../../electron/dev/zip.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-dev-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A ZIP file of one deflated entry, written by hand. */
function zipOf(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(crc32(content), 16);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt32LE((0o100755 << 16) >>> 0, 38);
  const start = local.length + name.length + packed.length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(start, 16);
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
}

describe('zip', () => {
  const content = Buffer.from('howdah '.repeat(1000));
  const open = <T>(bytes: Buffer, read: (fd: number) => T): T => {
    const file = join(folder, 'a.zip');
    writeFileSync(file, bytes);
    const fd = openSync(file, 'r');
    try {
      return read(fd);
    } finally {
      closeSync(fd);
    }
  };

  it('reads names, permissions and bytes', () => {
    open(zipOf('bin/a', content), (fd) => {
      const [entry] = zipEntries(fd);
      expect(entry).toMatchObject({ name: 'bin/a', size: content.length });
      expect((entry?.mode ?? 0) & 0o777).toBe(0o755);
      expect(entry && zipBytes(fd, entry).equals(content)).toBe(true);
    });
  });

  it('notices a damaged entry and a file that is no archive', () => {
    const broken = zipOf('a', content);
    const packed = deflateRawSync(Buffer.from('elephant'.repeat(875)));
    packed.copy(broken, 31);
    open(broken, (fd) => {
      const [entry] = zipEntries(fd);
      expect(() => entry && zipBytes(fd, entry)).toThrow();
    });
    open(Buffer.from('no archive'), (fd) => expect(() => zipEntries(fd)).toThrow('not a ZIP'));
  });
});

describe('asar', () => {
  it('writes what the format says', () => {
    writeFileSync(join(folder, 'a.txt'), 'one');
    writeFileSync(join(folder, 'b.txt'), 'three');
    const target = join(folder, 'x.asar');
    writeAsar(folder, target);
    const archive = readFileSync(target);
    const jsonLength = archive.readUInt32LE(12);
    const header = JSON.parse(archive.toString('utf8', 16, 16 + jsonLength));
    const bodies = 8 + archive.readUInt32LE(4);
    const { offset, size } = header.files['b.txt'];
    expect(archive.toString('utf8', bodies + Number(offset), bodies + Number(offset) + size)).toBe('three');
    expect(header.files['a.txt'].integrity.algorithm).toBe('SHA256');
  });
});

describe('fuses', () => {
  const wire = (state: string) =>
    Buffer.from(`\0\0dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX${String.fromCharCode(1, state.length)}${state}\0`, 'latin1');

  it('reads and sets, but never a removed one', () => {
    const executable = wire('10r10011');
    expect(readFuses(executable)).toMatchObject({ runAsNode: true, cookieEncryption: false, nodeOptions: false });
    setFuses(executable, { runAsNode: false, nodeOptions: true, browserV8Snapshot: true });
    expect(readFuses(executable)).toMatchObject({ runAsNode: false, nodeOptions: false, browserV8Snapshot: true });
    expect(executable.includes('00r10011')).toBe(true);
  });

  it('refuses a wire it does not know', () => {
    const executable = wire('1');
    executable[2 + 32] = 2;
    expect(() => readFuses(executable)).toThrow('version 2');
  });
});

describe('packages', () => {
  const lock = (packages: object) => ({ packages: { '': {}, ...packages } });

  it('compares with what npm says it installed', () => {
    const wanted = lock({
      'node_modules/a': { version: '1.0.0' },
      'node_modules/mac': { version: '2.0.0', optional: true },
    });
    expect(packagesAreInstalled(wanted, lock({ 'node_modules/a': { version: '1.0.0' } }))).toBe(true);
    expect(packagesAreInstalled(wanted, lock({ 'node_modules/a': { version: '1.0.1' } }))).toBe(false);
    expect(packagesAreInstalled(wanted, lock({}))).toBe(false);
    expect(packagesAreInstalled(wanted, null)).toBe(false);
  });
});

describe('runtime', () => {
  it('takes the one that a person chose', async () => {
    writeFileSync(join(folder, 'version'), 'v99.1.2');
    const before = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] = folder;
    try {
      expect(await resolveRuntime()).toMatchObject({ kind: 'override', dist: folder, version: '99.1.2' });
    } finally {
      if (before === undefined) delete process.env['ELECTRON_OVERRIDE_DIST_PATH'];
      else process.env['ELECTRON_OVERRIDE_DIST_PATH'] = before;
    }
  });
});

describe('totals', () => {
  const vitest = JSON.stringify({
    testResults: [
      {
        name: 'a.test.ts',
        status: 'passed',
        assertionResults: [
          { status: 'passed', fullName: 'a' },
          { status: 'skipped', fullName: 'b' },
        ],
      },
      { name: 'broken.test.ts', status: 'failed', assertionResults: [] },
    ],
  });
  const fails = { status: 'unexpected', results: [{ error: { message: '\u001b[31mexpected 1\u001b[39m' } }] };
  const playwright = JSON.stringify({
    errors: [],
    suites: [
      {
        title: 'x.spec.ts',
        specs: [
          { title: 'opens', tests: [{ status: 'expected' }] },
          { title: 'shakes', tests: [{ status: 'flaky' }] },
        ],
        suites: [{ title: 'deep', specs: [{ title: 'fails', tests: [fails] }] }],
      },
    ],
  });

  it('counts both runners', () => {
    const results = sum([readVitest(vitest), readPlaywright(playwright)]);
    expect(results).toEqual({
      passed: 3,
      failed: ['broken.test.ts', 'x.spec.ts › deep › fails'],
      skipped: ['b'],
      unsteady: ['x.spec.ts › shakes'],
      why: {
        'broken.test.ts': '',
        'x.spec.ts › deep › fails': 'expected 1',
        'x.spec.ts › shakes': '',
      },
    });
    expect(totals(results)).toBe('3 passed, 2 failed, 1 skipped');
  });

  it('never takes a runner that died for a success', () => {
    const file = join(folder, 'report.json');
    expect(readReport('unit', file, readVitest, 0).failed).toHaveLength(1);
    writeFileSync(file, vitest);
    truncateSync(file, 20);
    expect(readReport('unit', file, readVitest, 0).failed).toHaveLength(1);
    writeFileSync(file, JSON.stringify({ testResults: [] }));
    expect(readReport('unit', file, readVitest, 137).failed).toEqual(['unit (exit code 137)']);
  });
});

describe('the tools', () => {
  it('keep stdout for the program they run', () => {
    const script = join(import.meta.dirname, '../../electron/dev/console.mjs');
    const code = `import { say } from ${JSON.stringify(script)}; say('to the person'); process.stdout.write('{}');`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', code], { stdio: 'pipe' }).toString()).toBe(
      '{}',
    );
  });
});
