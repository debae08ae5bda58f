import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { DatabaseChoice, Decision, Halt } from '../../../../shared/model/migration';
import type { RunContext } from '../worker/run-context';
import type { FollowHalt } from './follow-model';
import type { Resyncs } from './resyncs';

/** What a person has to decide on in one database, and what was decided. */
export interface Halting {
  readonly current: Halt | null;
  /** As they are known: those of the journal, and those that have come since. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Resolves when it is decided. `onHalt` runs when a person has to be asked. Rejects as the signal says. */
  stand(reason: FollowHalt, onHalt: (halt: Halt) => void, signal: AbortSignal): Promise<void>;
  /** Answers whether there is such a halt. Fails with `invalid-input` for a choice that it does not offer. */
  decide(decision: Decision): Promise<boolean>;
}

export interface HaltingOptions {
  readonly ctx: RunContext;
  readonly choice: DatabaseChoice;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly resyncs: Resyncs;
}

export function createHalting({ ctx, choice, decisions: known, resyncs }: HaltingOptions): Halting {
  const decisions = new Map(known);
  let current: Halt | null = null;
  let decided: () => void = () => undefined;

  return {
    get current() {
      return current;
    },
    decisions,
    async stand(reason, onHalt, signal) {
      const { id, schema, table } = reason.halt;
      // Decided before, and this process has not done it yet.
      if (decisions.get(id)?.choice === 'copyAgain' && !resyncs.wasDone(id)) {
        resyncs.want(id, schema, table);
        return;
      }
      current = { ...reason.halt, database: choice.name, at: Date.now() };
      onHalt(current);
      await new Promise<void>((resolve) => {
        decided = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      current = null;
      throwIfAborted(signal);
    },
    async decide(decision) {
      if (current?.id !== decision.id) return false;
      const { id, choice: what, statement = '' } = decision;
      const { schema, table, choices } = current;
      if (!choices.includes(what))
        throw new AppError({
          code: 'invalid-input',
          message: `${what} is no answer to this halt: ${choices.join(', ')}`,
        });
      if (what === 'retry') decisions.delete(id);
      else {
        await ctx.journal.add({ did: 'decided', database: choice.name, halt: id, choice: what, statement });
        decisions.set(id, decision);
      }
      if (what === 'copyAgain') resyncs.want(id, schema, table);
      ctx.telling.log('info', `${choice.name}: decided: ${what} (${id})`);
      decided();
      return true;
    },
  };
}
