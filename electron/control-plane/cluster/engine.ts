import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import { inBase, type ClusterNode } from './node';
import type { ServerBinaries } from './binaries';

/**
 * Which build of PostgreSQL a data folder belongs to. Builds of one major version differ in their ICU and C library: the order of texts, and
 * with it every index on them, may differ, so a data folder stays with the build that made it for life.
 */
const engine = z.object({
  major: z.number().int(),
  /** `embedded`, or the folder of programs found on the machine. */
  origin: z.string(),
});
export type Engine = z.output<typeof engine>;

const ENGINE_FILE = 'engine.json';

/** The build of a node's data; null when none is noted. */
export async function engineOf(node: Pick<ClusterNode, 'base'>): Promise<Engine | null> {
  const text = await readFile(inBase(node, ENGINE_FILE), 'utf8').catch(() => null);
  return text === null ? null : engine.parse(JSON.parse(text));
}

export async function noteEngine(node: Pick<ClusterNode, 'base'>, { major, origin }: Engine): Promise<void> {
  await writeFileAtomically(inBase(node, ENGINE_FILE), `${JSON.stringify({ major, origin })}\n`);
}

/** Fails with `conflict` when the data was made by another build than these binaries. */
export async function checkEngine(node: ClusterNode, binaries: ServerBinaries): Promise<void> {
  const noted = await engineOf(node);
  if (!noted || (noted.origin === binaries.origin && noted.major === binaries.major)) return;
  throw new AppError({
    code: 'conflict',
    message: `The data in ${node.data} was made by PostgreSQL ${noted.major} (${noted.origin}) and must not be opened by PostgreSQL ${binaries.major} (${binaries.origin})`,
    hint: 'Another build may sort texts differently, which would damage indexes unseen.',
  });
}
