import { z } from 'zod';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import { findColumnsAgain, findIdentityColumns, identityColumn, setIdentity } from '../follow/identity-columns';
import type { RunContext } from '../worker/run-context';
import { withSession } from '../worker/sides';
import { readPlans } from './arm-fail-back';

/** Columns of the source whose values only the server gives take those of the target while its changes flow back. */

const STEP = 'identity of the source';
const columns = z.array(identityColumn);

type IdentityDeps = Pick<RunContext, 'source' | 'journal' | 'signal'>;

function standing({ journal }: IdentityDeps, database: string): string | null {
  const last = journal.entries.findLast(
    (entry) => entry.did === 'cut-over' && entry.database === database && entry.step === STEP,
  );
  return last?.did === 'cut-over' && !last.undone ? last.note : null;
}

/** Lets the changes of the target be written as they are. Which columns it was is in the journal first. */
export async function loosenIdentity(
  ctx: IdentityDeps & Pick<RunContext, 'order' | 'target'>,
  choice: DatabaseChoice,
): Promise<void> {
  const { source, journal, signal } = ctx;
  const { tables } = (await readPlans(ctx, choice, signal)).forward;
  await withSession(
    () => source.open(choice.name, signal),
    signal,
    async (session) => {
      const found = await findIdentityColumns(session, tables, 'always', signal);
      if (found.length === 0) return;
      const before = columns.parse(JSON.parse(standing(ctx, choice.name) ?? '[]'));
      const note = JSON.stringify([...before, ...found]);
      await journal.add({ did: 'cut-over', database: choice.name, step: STEP, undone: false, note });
      await setIdentity(session, found, 'BY DEFAULT', signal);
    },
  );
}

/** They are as before. */
export async function restoreIdentity(ctx: IdentityDeps, database: string): Promise<void> {
  const { source, journal, signal } = ctx;
  const note = standing(ctx, database);
  if (note === null) return;
  await withSession(
    () => source.open(database, signal),
    signal,
    async (session) => {
      const ours = columns.parse(JSON.parse(note));
      // A column that is no such any more is somebody else's wish.
      await setIdentity(session, await findColumnsAgain(session, ours, 'default', signal), 'ALWAYS', signal);
    },
  );
  await journal.add({ did: 'cut-over', database, step: STEP, undone: true, note: '' });
}
