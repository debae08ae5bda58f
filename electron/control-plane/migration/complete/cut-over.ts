import { errorInfo, throwIfAborted } from '../../../../shared/errors';
import { failureKind, reasonText } from '../worker/failure';
import { afterOpening } from './after-opening';
import { disarmFailBack, readPlans } from './arm-fail-back';
import { bringOver } from './bring-over';
import type { CutOverDeps, CutOverEnd } from './cut-over-model';
import { createCutOverSteps } from './cut-over-steps';
import { letChangesPass } from './let-changes-pass';
import { isReadOnly, makeReadOnly, undoReadOnly } from './read-only';

/** Everything as it was before the cut-over; changes are followed on. */
async function takeBack(deps: CutOverDeps, wasReadOnly: boolean): Promise<void> {
  const { ctx, direction, databases } = deps;
  const { source, journal, signal } = ctx;
  if (direction === 'forward') {
    for (const { choice, to } of databases) {
      await disarmFailBack(ctx, choice, signal);
      const { forward } = await readPlans(ctx, choice, signal);
      await letChangesPass(ctx, to, forward, signal);
    }
  } else if (wasReadOnly) {
    const names = databases.map(({ choice: { name } }) => ({ database: name, name }));
    await makeReadOnly({ journal, side: source, direction: 'forward', databases: names, signal });
  }
  await undoReadOnly(ctx, direction);
}

/** So long a last look at the side that was left may take, in milliseconds. */
const LAST_LOOK_MS = 5000;

/** Who wrote to the side that was left when everything was over already has to be told: no step can bring it in order any more. */
async function tellLateWrites(
  { ctx, direction }: CutOverDeps,
  writtenSince: (until: AbortSignal) => Promise<number>,
): Promise<void> {
  const { telling, signal } = ctx;
  const side = direction === 'forward' ? 'source' : 'target';
  try {
    const late = await writtenSince(AbortSignal.any([signal, AbortSignal.timeout(LAST_LOOK_MS)]));
    if (late === 0) return;
    const text = `${late} rows were written to the ${side} after everything was brought over, before clients were led away from it: compare the tables`;
    telling.log('error', text);
    telling.happened('written-late', text);
  } catch (error) {
    if (signal.aborted) throw error;
    telling.log(
      'warning',
      `Whether the ${side} was written to at the last moment could not be seen: ${reasonText(error)}`,
    );
  }
}

/** Rejects as soon as the signal fires. */
function untilAborted(signal: AbortSignal): { readonly aborted: Promise<never>; stop(): void } {
  let listener = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    listener = () => {
      try {
        throwIfAborted(signal);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
  });
  aborted.catch(() => undefined);
  return { aborted, stop: () => signal.removeEventListener('abort', listener) };
}

/**
 * Cuts a task over, in the order of `CUT_OVER_STEPS`: writes stop, everything comes to the receiving side, and when the clients are there what is
 * left is taken away. A step that fails is told, and waits to be asked for again or to be taken back; what stops the whole run (a server that is
 * away, the signal) is thrown: a worker that begins anew does all steps again up to the opening, each of which may be done twice.
 */
export async function cutOver(deps: CutOverDeps): Promise<CutOverEnd> {
  const { ctx, takenBack } = deps;
  const steps = createCutOverSteps(deps.onSteps);
  if (deps.wasOpened) {
    steps.doneBefore('open');
    return afterOpening(deps, deps.completion, steps);
  }
  const wasReadOnly = isReadOnly(ctx.journal, 'forward');
  const signal = AbortSignal.any([ctx.signal, takenBack]);
  const ending = untilAborted(signal);
  try {
    let completion = deps.completion;
    const leftOut = new Set<string>();
    let writtenSince: (until: AbortSignal) => Promise<number>;
    for (;;) {
      try {
        writtenSince = await bringOver({ deps, completion, steps, leftOut, signal });
        break;
      } catch (error) {
        const kind = failureKind(error);
        if (signal.aborted || kind === 'away' || kind === 'cancelled' || errorInfo(error).code === 'bug') throw error;
        const text = reasonText(error);
        steps.fail(text);
        ctx.telling.log('error', `Cut-over: ${text}`);
        deps.onFailed(text);
        completion = await Promise.race([deps.again(), ending.aborted]);
      }
    }
    deps.onDrained();
    await Promise.race([deps.opened(), ending.aborted]);
    await tellLateWrites(deps, writtenSince);
    steps.done();
    return await afterOpening(deps, completion, steps);
  } catch (error) {
    if (ctx.signal.aborted || !takenBack.aborted) throw error;
    await takeBack(deps, wasReadOnly);
    deps.onSteps([]);
    return 'takenBack';
  } finally {
    ending.stop();
  }
}
