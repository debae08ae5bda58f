// What `electron <folder>` runs in a runtime that came without Electron's own default app: reads the options, takes the application's name
// and version from its package.json as a packaged start would, and loads its main module. It must stay an ES module that awaits the import
// at top level: Electron holds the event `ready` back until then, and privileged schemes can only be registered before it.
import { readFileSync, realpathSync } from 'node:fs';
import Module from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const preloads = [];
let target = null;
const words = process.argv.slice(1);
while (words.length > 0 && target === null) {
  const word = words.shift();
  if (word === '-r' || word === '--require') preloads.push(words.shift());
  else if (!word.startsWith('-')) target = resolve(word);
}

if (target === null) {
  console.error('Usage: electron [-r module] <folder or file> [arguments]');
  app.exit(1);
} else {
  Module._preloadModules(preloads);
  process.defaultApp = true;
  try {
    await import(pathToFileURL(realpathSync(entryOf(target))).href);
  } catch (error) {
    console.error(error);
    app.exit(1);
  }
}

function entryOf(path) {
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  } catch {
    return path;
  }
  const name = manifest.productName ?? manifest.name;
  app.setName(name);
  if (manifest.version) app.setVersion(manifest.version);
  app.setDesktopName(manifest.desktopName ?? `${name}.desktop`);
  app.setPath('userData', join(app.getPath('appData'), name));
  app.setAppPath(path);
  return resolve(path, manifest.main ?? 'index.js');
}
