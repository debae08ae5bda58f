import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A program that is built beside this one (`control-plane.js`). The build may put this code into the entry itself or into its `chunks`.
 * `folder` is the caller's `import.meta.dirname`.
 */
export function ownProgram(name: string, folder: string): string {
  const beside = join(folder, name);
  return existsSync(beside) ? beside : join(folder, '..', name);
}
