import { quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Journal } from '../journal';
import type { PlannedDatabase, PlannedSequence } from '../plan-model';
import { reasonText } from '../worker/failure';
import type { Telling } from '../worker-protocol';
import { inChunks } from './in-chunks';
import { isOfObject } from './object-failure';
import { AT_ONCE, findTargetSequences, readSequenceStates, type SequenceState } from './sequence-states';

export interface SequenceWork {
  /** In the snapshot or not: sequences are read as they are now. */
  readonly source: PgSession;
  /** Autocommit. */
  readonly target: PgSession;
  readonly plan: PlannedDatabase;
  readonly journal: Journal;
  readonly telling: Telling;
  readonly signal: AbortSignal;
}

const STEP = 'sequences';

interface Setting {
  readonly sequence: PlannedSequence;
  readonly targetOid: number;
  readonly state: SequenceState;
}

const setvalText = ({ sequence, state }: Setting): string =>
  `SELECT pg_catalog.setval(${quoteLiteral(quoteQualified(sequence.targetSchema, sequence.name))}, ${state.lastValue}, ${state.called})`;

/** Whether the target has handed out values that the source has not: going back would hand them out again. */
function isFurther(target: SequenceState | undefined, source: SequenceState): boolean {
  if (!target?.called || source.cycle) return false;
  return source.increment > 0n ? target.lastValue > source.lastValue : target.lastValue < source.lastValue;
}

/**
 * Gives every sequence of the plan the value it has on the source now, those of identity columns and those that nobody owns included. One that
 * is further on the target is left. Each that could not be set is told; the step is complete when there is none. To be called by every attempt: its
 * tables may be of a later snapshot than those before. Fails when a connection is lost.
 */
export async function setSequences(work: SequenceWork): Promise<void> {
  const { source, target, plan, journal, telling, signal } = work;
  const database = plan.source;
  if (plan.sequences.length === 0) return;

  let failed = 0;
  const tell = (
    { schema, name }: PlannedSequence,
    outcome: 'done' | 'failed' | 'skipped',
    reason = '',
    statement = '',
  ): void => {
    if (outcome === 'failed') failed += 1;
    const key = `SEQUENCE SET ${quoteQualified(schema, name)}`;
    telling.object({ database, key, kind: 'SEQUENCE SET', schema, name, outcome, reason, statement });
  };

  const targets = await findTargetSequences({ source, target }, plan, signal);
  const from = await readSequenceStates(
    source,
    plan.sequences.map(({ oid }) => oid),
    signal,
  );
  const to = await readSequenceStates(target, [...targets.values()], signal);
  const settings: Setting[] = [];
  for (const sequence of plan.sequences) {
    const state = from.states.get(sequence.oid);
    const targetOid = targets.get(sequence.oid);
    const there = to.states.get(targetOid ?? 0);
    if (!state) tell(sequence, 'failed', `Source: ${from.reasons.get(sequence.oid) ?? 'it could not be read'}`);
    else if (targetOid === undefined)
      tell(sequence, 'failed', 'The target has no such sequence', setvalText({ sequence, targetOid: 0, state }));
    else if (isFurther(there, state))
      tell(
        sequence,
        'skipped',
        `It stands at ${there?.lastValue} on the target, further than ${state.lastValue} on the source, and is left there`,
      );
    else settings.push({ sequence, targetOid, state });
  }

  const set = async (chunk: readonly Setting[]): Promise<void> => {
    try {
      await target.query(
        `SELECT pg_catalog.setval(o.sequence::pg_catalog.regclass, o.value, o.called)
         FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.int8[], $3::pg_catalog.bool[]) o (sequence, value, called)`,
        [
          chunk.map(({ targetOid }) => targetOid),
          chunk.map(({ state }) => state.lastValue.toString()),
          chunk.map(({ state }) => state.called),
        ],
        signal,
      );
      for (const { sequence } of chunk) tell(sequence, 'done');
    } catch (error) {
      if (!isOfObject(error)) throw error;
      const [first] = chunk;
      if (chunk.length === 1 && first) tell(first.sequence, 'failed', reasonText(error), setvalText(first));
      else for (const each of chunk) await set([each]);
    }
  };
  for (const chunk of inChunks(settings, AT_ONCE)) await set(chunk);
  if (failed === 0) await journal.add({ did: 'step', database, step: STEP });
}
