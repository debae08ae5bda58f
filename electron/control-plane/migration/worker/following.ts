import type { Completion, CutOverStep, DatabaseChoice, Decision } from '../../../../shared/model/migration';
import { giveUpFailBack } from '../complete/after-opening';
import { cutOver } from '../complete/cut-over';
import { nothingLeft } from '../complete/nothing-left';
import { backStream, readPlans, targetOf } from '../complete/arm-fail-back';
import { parseLsn } from '../follow/change-stream';
import { namesOf, placesOf } from '../follow/chosen-names';
import { startFollower } from '../follow/follow-database';
import type { Follower } from '../follow/follower';
import { createFollowSums } from '../follow/follow-progress';
import type { SlotWatch } from '../follow/slot-watch';
import { SlotLost } from '../follow/stream';
import type { WorkerCommand, WorkerEnd } from '../worker-protocol';
import { readDeferred } from './deferred';
import { createDeferring } from './deferring';
import { reasonText } from './failure';
import { identityOf, type Followable, type OnSlot } from './follow-start';
import { databaseState } from './journal-state';
import type { RunContext } from './run-context';
import { createSlotWatches } from './slot-watches';
import { createWishes } from './wishes';

/** The part of a run that lives as long as the changes are followed. */
export interface Following {
  readonly onSlot: OnSlot;
  /** The rows of a database are there: its changes are followed from now on, while others are copied. */
  begin(database: Followable): void;
  /** Whether the command was for it. */
  command(command: WorkerCommand): boolean;
  /** Everything is copied, and changes are followed. */
  readonly living: boolean;
  /** Resolves with how the task ends. */
  live(): Promise<WorkerEnd>;
  /** Lets what has arrived become durable, and ends the streams; slots stay. */
  stop(): Promise<void>;
}

const TICK_MS = 250;
const CHECK_MS = 5000;
const DONE: WorkerEnd = { outcome: 'done', problem: '', hint: '' };

export function createFollowing(ctx: RunContext, onLost: (error: unknown) => void): Following {
  const { order, telling, journal, signal } = ctx;
  const { options, course } = order;
  /** Clients were led to the target before this worker: nothing comes from the source any more. */
  const wasLed = course.opened || course.back !== null;
  const watches = createSlotWatches(ctx, onLost);
  const followables: Followable[] = [];
  let followers: Follower[] = [];
  let direction: 'forward' | 'back' = 'forward';
  let sums = createFollowSums();
  let copying = true;
  let cutSteps: readonly CutOverStep[] = [];
  /** Nothing is to be brought any more: the task is over. */
  let over = false;
  let phase: 'following' | 'ready' | null = null;
  let busy = false;
  let ticking: NodeJS.Timeout | null = null;
  let checking: NodeJS.Timeout | null = null;
  const deferring = createDeferring(ctx);

  const wishes = createWishes(course, signal);
  let takeBack = new AbortController();

  const progress = () => {
    const now = sums.look({
      direction,
      databases: followers.map((each) => each.now()),
      counts: followers.map(({ counts }) => counts),
      walAlarm: watches.alarm,
      copying,
      tablesFailed: telling.failures.tables,
      indexesFailed: direction === 'forward' ? telling.failures.indexes : 0,
      tablesWaiting: followers.reduce((sum, { waiting }) => sum + waiting, 0),
      cutOver: cutSteps,
    });
    return over ? nothingLeft(now) : now;
  };

  const tick = (): void => {
    telling.follow(progress());
    if (copying || busy) return;
    for (const follower of followers)
      if (direction === 'forward' && follower.consistent && options.applyJobs === 1)
        deferring.early(follower.choice.name, follower.to);
    if (direction !== 'forward') return;
    const wanted = sums.ready ? 'ready' : 'following';
    if (phase === wanted) return;
    phase = wanted;
    telling.phase(wanted);
  };
  const startTicking = (): void => {
    ticking ??= setInterval(tick, TICK_MS);
    checking ??= setInterval(() => {
      for (const follower of followers) follower.check().catch(() => undefined);
    }, CHECK_MS);
  };

  const follow = (
    one: Omit<Followable, 'record'>,
    how: Pick<Follower, 'identity'> & { readonly lsn: bigint; readonly watch: SlotWatch },
  ): void => {
    const { choice, to } = one;
    const { identity } = how;
    const forward = identity.direction === 'forward';
    const follower = startFollower({
      ctx,
      choice,
      identity,
      to: forward ? to : choice.name,
      lsn: how.lsn,
      async rowFilter(oid) {
        if (!forward) return '';
        const { tables } = (await readPlans(ctx, choice, signal)).forward;
        return tables.find((table) => table.oid === oid)?.rowFilter ?? '';
      },
      decisions: databaseState(journal, choice.name).decisions,
      ddl: forward && options.followDdl ? namesOf(choice) : null,
      places: forward ? placesOf(choice) : { place: () => undefined },
      leftOut: async () => new Set(forward ? (await readDeferred(order.folder, choice.name)).leftOut : []),
      watch: how.watch,
      makeDeferred: (stopping) => deferring.make(choice.name, to, stopping),
    });
    follower.lost.catch((error: unknown) => onLost(error));
    followers.push(follower);
  };
  const followBack = (choices: readonly DatabaseChoice[]): void => {
    direction = 'back';
    sums = createFollowSums();
    followers = [];
    for (const choice of choices) {
      const stream = backStream(journal, order.jobId, choice);
      if (!stream) continue;
      const to = targetOf(choice);
      const look = watches.start('target', to, stream.identity.slot);
      follow({ choice, to }, { ...stream, watch: look });
    }
  };

  const cut = async (way: 'forward' | 'back', wanted: Completion, wasOpened: boolean) => {
    busy = true;
    phase = null;
    takeBack = new AbortController();
    const asked = (): Completion | null => (way === 'forward' ? wishes.completion : wishes.back);
    let taken = asked();
    const openedBefore = wishes.opened;
    if (way === 'back') wishes.opened = false;
    try {
      return await cutOver({
        ctx,
        direction: way,
        completion: wanted,
        databases: followers,
        wasOpened,
        takenBack: takeBack.signal,
        async again() {
          await wishes.until(() => asked() !== taken);
          taken = asked();
          return taken ?? wanted;
        },
        async opened() {
          await wishes.until(() => wishes.opened);
          // From here on the slot is taken away by ourselves.
          await watches.stop();
        },
        onSteps(steps) {
          cutSteps = steps;
          telling.follow(progress());
        },
        onFailed(text) {
          telling.happened('cut-over-failed', text);
        },
        onDrained: () => telling.phase('drained'),
      });
    } finally {
      busy = false;
      if (way === 'back') wishes.opened = openedBefore;
    }
  };

  /** Null: it was taken back. */
  const goBack = async (wanted: Completion, wasOpened: boolean): Promise<WorkerEnd | null> => {
    const led = cutSteps;
    if ((await cut('back', wanted, wasOpened)) === 'takenBack') {
      cutSteps = led;
      return null;
    }
    over = true;
    await watches.stop();
    telling.happened('went-back', 'The cut-over is undone: clients are on the source again');
    return DONE;
  };

  /** Changes flow back until the way back is given up or taken. */
  const guard = async (): Promise<WorkerEnd> => {
    followBack(followables.map(({ choice }) => choice));
    telling.log('info', 'The way back is open: changes of the target are brought to the source');
    telling.phase('guarding');
    for (;;) {
      await wishes.until(() => wishes.finish || wishes.back !== null);
      if (wishes.finish) {
        await Promise.all(followers.map((each) => each.stop()));
        await watches.stop();
        await giveUpFailBack(ctx);
        over = true;
        telling.log('info', 'The way back is given up');
        return DONE;
      }
      if (!wishes.back) continue;
      const end = await goBack(wishes.back, false);
      if (end) return end;
      wishes.back = null;
      telling.phase('guarding');
    }
  };

  const complete = async (): Promise<WorkerEnd> => {
    for (;;) {
      await wishes.until(() => wishes.completion !== null);
      const wanted = wishes.completion;
      if (!wanted) throw new Error('the cut-over has no completion');
      telling.step('complete', { state: 'running', endedAt: null });
      const end = await cut('forward', wanted, wasLed);
      if (end === 'takenBack') {
        wishes.completion = null;
        cutSteps = [];
        telling.step('complete', { state: 'notStarted', startedAt: null, endedAt: null });
        telling.happened('taken-back', 'The cut-over is taken back: changes are followed again');
        continue;
      }
      telling.step('follow', { state: 'success' });
      telling.step('complete', { state: 'success' });
      await Promise.all(followers.map((each) => each.stop()));
      await watches.stop();
      if (end === 'guarding') return guard();
      over = true;
      return DONE;
    }
  };

  const decide = (decision: Decision): void => {
    const follower = followers.find(({ choice }) => choice.name === decision.database);
    follower?.decide(decision).catch((error: unknown) => telling.log('error', reasonText(error)));
  };

  return {
    onSlot(choice, record) {
      if (!wasLed) watches.start('source', choice.name, record.slot);
    },
    begin(database) {
      followables.push(database);
      // The cut-over goes on from where it was: nothing comes from the source any more.
      if (wasLed) return;
      startTicking();
      const { choice, record } = database;
      if (record.lsn === '') {
        onLost(new SlotLost(`The slot ${record.slot} of ${choice.name} was taken away`));
        return;
      }
      follow(database, {
        identity: identityOf(ctx, choice.name, 'forward', record),
        lsn: parseLsn(record.lsn),
        watch: watches.start('source', choice.name, record.slot),
      });
    },
    command(command) {
      if (command.command === 'takeBack') takeBack.abort();
      else if (command.command === 'decide') decide(command.decision);
      else return wishes.command(command);
      return true;
    },
    get living() {
      return !copying;
    },
    async live() {
      copying = false;
      startTicking();
      telling.step('follow', { state: 'running' });
      telling.snapshot(null);
      // Clients were led back before this worker: only what is left of the way back is to be taken away.
      if (course.back && !course.opened) {
        direction = 'back';
        return (await goBack(course.back, true)) ?? DONE;
      }
      return complete();
    },
    async stop() {
      if (ticking) clearInterval(ticking);
      if (checking) clearInterval(checking);
      ticking = null;
      checking = null;
      const any = followers.length > 0;
      await Promise.allSettled(followers.map((each) => each.stop()));
      if (any) telling.follow(progress());
      await watches.stop();
    },
  };
}
