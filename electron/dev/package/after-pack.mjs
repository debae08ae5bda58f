import { cpSync, rmSync } from 'node:fs';
import { basename, extname, join, sep } from 'node:path';

/** What only compiling against the libraries needs. */
const isForBuilding = (/** @type {string} */ path) =>
  extname(path) === '.a' || path.endsWith(`${sep}lib${sep}pkgconfig`);
/** Of the release's own package, only the server and its licence. */
const BELONGS = new Set(['native', 'ready', 'LICENSE.md']);

/** Puts the newest PostgreSQL beside the app, in the layout that the daemon looks for (HOWDAH_SHIPPED_POSTGRES). */
function addPostgres(/** @type {string} */ release, /** @type {string} */ resources) {
  const target = join(resources, 'postgres', basename(release));
  for (const name of BELONGS) {
    cpSync(join(release, name), join(target, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !isForBuilding(path),
    });
  }
}

/**
 * electron-builder copies a runtime folder whole: its stand-in application would start any code that is given to it, and the version file
 * belongs to the tools.
 * @param {{ appOutDir: string, packager: { getResourcesDir(folder: string): string } }} context
 */
export function afterPack({ appOutDir, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  rmSync(join(resources, 'default_app.asar'), { force: true });
  rmSync(join(appOutDir, 'version'), { force: true });
  const release = process.env['HOWDAH_PACKAGED_POSTGRES'];
  if (!release) throw new Error('Package with npm run package: HOWDAH_PACKAGED_POSTGRES is not set');
  addPostgres(release, resources);
}
