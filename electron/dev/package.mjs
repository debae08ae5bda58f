import { chmodSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from './build.mjs';
import { Stop, dim, duration, program, say } from './console.mjs';
import { verify } from './package/verify.mjs';
import { writeNotices } from './package/notices.mjs';
import { at } from './paths.mjs';
import { bin, run } from './process.mjs';
import { setup } from './setup.mjs';

/** What this machine can make without a download. AppImage, nsis and dmg are configured and made where their tools can be reached. */
/** @type {Partial<Record<NodeJS.Platform, readonly string[]>>} */
const DEFAULTS = { linux: ['dir', 'deb', 'rpm', 'tar.gz'], darwin: ['dmg'], win32: ['nsis'] };
/** @type {Partial<Record<NodeJS.Platform, string>>} */
const PLATFORMS = { linux: '--linux', darwin: '--mac', win32: '--win' };

/** The release folder of the newest server, by the daemon's own code: it ships within the package. */
async function shippedPostgres() {
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(at('electron/control-plane/cluster/binaries.ts'));
  const { bin: programs, version } = await module.ensureBinaries(module.RELEASES[0].major);
  return { folder: dirname(dirname(programs)), version };
}

/** Programs that electron-builder would download otherwise. */
function standIns() {
  if (process.platform !== 'linux') return {};
  const sevenZip = at('node_modules/7zip-bin/linux', process.arch, '7za');
  chmodSync(sevenZip, 0o755);
  return { ELECTRON_BUILDER_7ZIP_PATH: sevenZip, CUSTOM_FPM_PATH: at('electron/dev/package/fpm.mjs') };
}

/** @param {readonly string[]} targets */
async function makePackages(targets) {
  const runtime = await setup('package');
  await build();
  const postgres = await shippedPostgres();
  const count = writeNotices(at('out/THIRD-PARTY-NOTICES.txt'), {
    electron: runtime.version,
    postgres: postgres.version,
    postgresFolder: postgres.folder,
  });
  say(dim(`Notices of ${count} packages`));
  rmSync(at('release'), { recursive: true, force: true });
  // Quick for trying out; a release is made with HOWDAH_PACKAGE_LEVEL=9.
  const level = process.env['HOWDAH_PACKAGE_LEVEL'] ?? '1';
  const { code, output, milliseconds } = await run(
    process.execPath,
    [
      bin('electron-builder/cli.js'),
      PLATFORMS[process.platform] ?? '--linux',
      ...targets,
      `--config.electronDist=${runtime.dist}`,
      `--config.electronVersion=${runtime.version}`,
      '--publish=never',
    ],
    {
      output: 'quiet',
      env: {
        ...standIns(),
        HOWDAH_PACKAGED_POSTGRES: postgres.folder,
        HOWDAH_PACKAGE_LEVEL: level,
        ELECTRON_BUILDER_COMPRESSION_LEVEL: level,
      },
    },
  );
  if (code !== 0) throw new Stop(`electron-builder failed:\n${output.trim()}`);
  say(`Packaged in ${duration(milliseconds)}:`);
  for (const name of readdirSync(at('release')).filter((each) => !/\.(?:ya?ml|blockmap)$/.test(each))) {
    const path = join('release', name);
    const size = statSync(at(path));
    say(`  ${path}${size.isFile() ? ` ${(size.size / 1024 / 1024).toFixed(0)} MiB` : '/'}`);
  }
}

await program(async () => {
  const words = process.argv.slice(2);
  const targets = words.filter((word) => !word.startsWith('-'));
  const chosen = targets.length > 0 ? targets : (DEFAULTS[process.platform] ?? ['dir']);
  const verifyOnly = words.includes('--verify') && existsSync(at('release')) && targets.length === 0;
  if (!verifyOnly) await makePackages(chosen);
  return words.includes('--verify') ? verify() : 0;
});
