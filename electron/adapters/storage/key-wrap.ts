import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';

const ALGORITHM = 'aes-256-gcm';
/** 128 MiB and about half a second a guess (RFC 7914 parameters; OWASP's floor is N = 2^17, r = 8, p = 1). */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;
const SCRYPT_MEMORY = 256 * 1024 * 1024;

/** AES-256-GCM: every part in base64. */
export const sealedSchema = z.object({ iv: z.string(), tag: z.string(), data: z.string() });
export type Sealed = z.output<typeof sealedSchema>;

/** Encrypts under a 32-byte key; `context` is authenticated too, so that a value cannot be moved to another name. */
export function seal(key: Buffer, context: string, text: string): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(context, 'utf8'));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') };
}

/** Throws when key, context or any byte differs from what was sealed. */
export function unseal(key: Buffer, context: string, sealed: Sealed): string {
  const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(sealed.iv, 'base64'), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(Buffer.from(sealed.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]).toString('utf8');
}

/** A data key under a master password. The cost is stored beside it, bounded: a forged file must not exhaust the memory. */
export const masterWrapSchema = z.object({
  salt: z.string(),
  N: z
    .number()
    .int()
    .min(2 ** 14)
    .max(2 ** 17),
  r: z.number().int().min(1).max(8),
  p: z.number().int().min(1).max(4),
  sealed: sealedSchema,
});
export type MasterWrap = z.output<typeof masterWrapSchema>;

const MASTER_CONTEXT = 'howdah data key, master password';

function derive(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, { ...cost, maxmem: SCRYPT_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

export async function wrapWithPassword(dataKey: Buffer, password: string): Promise<MasterWrap> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, SCRYPT);
  try {
    return {
      salt: salt.toString('base64'),
      ...SCRYPT,
      sealed: seal(key, MASTER_CONTEXT, dataKey.toString('base64')),
    };
  } finally {
    key.fill(0);
  }
}

/** Null when the password is wrong. */
export async function unwrapWithPassword(wrap: MasterWrap, password: string): Promise<Buffer | null> {
  const key = await derive(password, Buffer.from(wrap.salt, 'base64'), { N: wrap.N, r: wrap.r, p: wrap.p });
  try {
    return Buffer.from(unseal(key, MASTER_CONTEXT, wrap.sealed), 'base64');
  } catch {
    return null;
  } finally {
    key.fill(0);
  }
}
