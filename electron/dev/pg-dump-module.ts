import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const dist = resolve(import.meta.dirname, '../../node_modules/@electric-sql/pglite-tools/dist');

/**
 * Puts the WebAssembly build of pg_dump beside the bundle: `pg_dump.wasm`, and its Emscripten module as `pg_dump.js`. The package exports only
 * a function that is tied to another database, so the factory inside is exported from a copy here, while building; the build fails when
 * a newer package looks otherwise.
 */
export const pgDumpModule = (): Plugin => ({
  name: 'howdah:pg-dump-module',
  generateBundle() {
    const chunk = readdirSync(dist).find((file) => /^chunk-.*\.js$/.test(file));
    const code = chunk ? readFileSync(join(dist, chunk), 'utf8') : '';
    const factory = /await (\w+)\(\{noExitRuntime/.exec(code)?.[1];
    if (!factory) throw new Error('the package of pg_dump has changed: its factory was not found');
    const source = code
      .replace(/export\{[^}]*\};?/, `export { ${factory} as createPgDump };`)
      .replace(/^\/\/# source.*$/m, '');
    this.emitFile({ type: 'asset', fileName: 'pg_dump.js', source });
    this.emitFile({ type: 'asset', fileName: 'pg_dump.wasm', source: readFileSync(join(dist, 'pg_dump.wasm')) });
  },
});
