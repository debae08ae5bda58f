import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = resolve(import.meta.dirname, '../..');
const at = (path: string) => resolve(root, path);
const landed = (inputs: Record<string, string>) =>
  Object.fromEntries(Object.entries(inputs).filter(([, path]) => existsSync(path)));

export default defineConfig({
  main: {
    root,
    build: {
      outDir: at('out/main'),
      target: 'node20.18',
      minify: false,
      externalizeDeps: true,
      rolldownOptions: {
        input: landed({
          main: at('electron/main.ts'),
          'control-plane': at('electron/control-plane/main.ts'),
          gateway: at('electron/control-plane/gateway/main.ts'),
          cli: at('electron/cli.ts'),
          'pg-dump-worker': at('electron/adapters/tools/embedded/worker.ts'),
        }),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    root,
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
    plugins: [react()],
    worker: { format: 'es' },
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
