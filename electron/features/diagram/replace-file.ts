import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../../shared/errors';

/**
 * Writes beside the target and puts the result in its place, so that a failure leaves the old file as it was. Fails with `file`.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  try {
    const file = await open(partial, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw new AppError(
      {
        code: 'file',
        message: 'The file could not be written',
        detail: error instanceof Error ? error.message : String(error),
        hint: 'Choose another place or make room, then save again.',
        retry: true,
      },
      { cause: error },
    );
  }
}
