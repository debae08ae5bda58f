import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What Emscripten's module offers of itself, as far as the worker uses it. */
export interface PgDump {
  readonly HEAPU8: Uint8Array;
  readonly ENV: Record<string, string>;
  readonly FS: {
    makedev(major: number, minor: number): number;
    mkdev(path: string, device: number): void;
    registerDevice(
      device: number,
      operations: {
        open(): void;
        close(): void;
        read(): number;
        write(stream: unknown, buffer: Uint8Array, offset: number, length: number): number;
      },
    ): void;
  };
  onRuntimeInitialized: () => void;
  /** Makes a function of JavaScript callable from WebAssembly; `signature` is result and arguments, `i` for a 32-bit integer. */
  addFunction(body: (address: number, length: number) => number, signature: string): number;
  /** libpq's receive and send. */
  _pgl_set_rw_cbs(receive: number, send: number): void;
  callMain(args: readonly string[]): number | undefined;
}

export interface PgDumpOptions {
  readonly noExitRuntime: boolean;
  readonly thisProgram: string;
  print(text: string): void;
  printErr(text: string): void;
  onExit(code: number): void;
  readonly preRun: readonly ((module: PgDump) => void)[];
}

interface PgDumpFile {
  createPgDump(options: PgDumpOptions & { readonly wasmBinary: Uint8Array }): Promise<PgDump>;
}

/** Loads pg_dump from the two files that the build puts beside the worker. */
export async function loadPgDump(options: PgDumpOptions): Promise<PgDump> {
  const folder = import.meta.dirname;
  const file = (await import(pathToFileURL(join(folder, 'pg_dump.js')).href)) as PgDumpFile;
  return file.createPgDump({ ...options, wasmBinary: readFileSync(join(folder, 'pg_dump.wasm')) });
}
