import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import { crc32cText } from './crc32c';

/** What came of one file of a base backup. */
export interface ReceivedFile {
  readonly size: number;
  /** CRC-32C. */
  readonly checksum: number;
}

const manifest = z.object({
  Files: z.array(
    z.object({
      Path: z.string().optional(),
      /** Hexadecimal, where the path is not valid UTF-8. */
      'Encoded-Path': z.string().optional(),
      Size: z.number(),
      'Checksum-Algorithm': z.string().optional(),
      Checksum: z.string().optional(),
    }),
  ),
});

const LAST_FIELD = '"Manifest-Checksum"';

const wrong = (what: string): AppError =>
  new AppError({
    code: 'lost-connection',
    message: `The base backup is not what the server sent: ${what}`,
    hint: 'The memory or the disk of this machine may be failing. The copy is thrown away.',
    retry: true,
  });

/** The manifest ends with the SHA-256 of all that stands before that field. */
function checkItself(bytes: Buffer): void {
  const at = bytes.lastIndexOf(LAST_FIELD);
  const noted = at < 0 ? undefined : /:\s*"([0-9a-f]{64})"/.exec(bytes.toString('latin1', at))?.[1];
  if (
    noted !==
    createHash('sha256')
      .update(bytes.subarray(0, Math.max(at, 0)))
      .digest('hex')
  ) {
    throw wrong('its manifest is damaged');
  }
}

/**
 * Compares a copy with the server's manifest (13 and later): every file that it names is there, with its size and its checksum, and no other
 * one but the log. Source: "Backup Manifest Format".
 */
export function checkManifest(bytes: Buffer, files: ReadonlyMap<string, ReceivedFile>): void {
  checkItself(bytes);
  const left = new Set(files.keys());
  for (const file of manifest.parse(JSON.parse(bytes.toString('utf8'))).Files) {
    const path = file.Path ?? Buffer.from(file['Encoded-Path'] ?? '', 'hex').toString('utf8');
    const received = files.get(path);
    if (!received) throw wrong(`${path} is missing`);
    if (received.size !== file.Size) throw wrong(`${path} has ${received.size} bytes instead of ${file.Size}`);
    if (file['Checksum-Algorithm'] === 'CRC32C' && crc32cText(received.checksum) !== file.Checksum) {
      throw wrong(`${path} has another checksum`);
    }
    left.delete(path);
  }
  const foreign = [...left].find((path) => !path.startsWith('pg_wal/'));
  if (foreign !== undefined) throw wrong(`${foreign} is not in the manifest`);
}
