import { writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { pgDumpModule } from './pg-dump-module';

const root = resolve(import.meta.dirname, '../..');
const at = (path: string) => resolve(root, path);

/** Folder of the package that a bundled module came from, e.g. `node_modules/zod`; null for our own. */
function packageOf(moduleId: string): string | null {
  const path = relative(root, moduleId.replaceAll('\0', '').split('?')[0] ?? '')
    .split(sep)
    .join('/');
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null;
}

type Bundle = Parameters<Extract<Plugin['writeBundle'], (...given: never[]) => unknown>>[1];

const packagesIn = (bundle: Bundle): string[] =>
  Object.values(bundle)
    .flatMap((output) => (output.type === 'chunk' ? output.moduleIds : []))
    .map(packageOf)
    .filter((path) => path !== null);

/** Packages in the window's workers, which are bundles of their own that are never written as such. */
const workerPackages = new Set<string>();
const recordWorkerPackages = (): Plugin => ({
  name: 'howdah:record-worker-packages',
  generateBundle(_options, bundle) {
    for (const path of packagesIn(bundle)) workerPackages.add(path);
  },
});

/** Writes down whose code is in a bundle: the package's notices are made of it. */
const recordPackages = (part: string): Plugin => ({
  name: 'howdah:record-packages',
  writeBundle(_options, bundle) {
    const packages = new Set([...packagesIn(bundle), ...(part === 'renderer' ? workerPackages : [])]);
    writeFileSync(at(`out/packages-${part}.json`), JSON.stringify([...packages].sort(), null, 2));
  },
});

export default defineConfig({
  main: {
    root,
    plugins: [pgDumpModule(), recordPackages('main')],
    build: {
      outDir: at('out/main'),
      target: 'node20.18',
      minify: false,
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          main: at('electron/main.ts'),
          'control-plane': at('electron/control-plane/main.ts'),
          gateway: at('electron/control-plane/gateway/main.ts'),
          'migration-worker': at('electron/control-plane/migration/worker/main.ts'),
          cli: at('electron/cli.ts'),
          'pg-dump-worker': at('electron/adapters/tools/embedded/worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    root,
    plugins: [recordPackages('preload')],
    build: {
      outDir: at('out/preload'),
      target: 'node20.18',
      rolldownOptions: {
        input: { preload: at('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    base: './',
    plugins: [react(), recordPackages('renderer')],
    worker: { format: 'es', plugins: () => [recordWorkerPackages()] },
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      target: 'chrome130',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      minify: true,
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
