import type {
  CutOverStep,
  DatabaseFollow,
  FollowProgress,
  Halt,
  MigrationProgress,
} from '../../../../shared/model/migration';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { FOLLOW_STATES, type Blocker, type FollowState } from '../../../../shared/model/migration-words';
import { formatDuration } from '../../../ui/bytes';
import type { Tone } from '../../../ui/status-pill';

export const TONE_OF_FOLLOW: Readonly<Record<FollowState, Tone>> = {
  waiting: 'neutral',
  catchingUp: 'busy',
  following: 'ok',
  halted: 'error',
  away: 'warn',
  lost: 'error',
  done: 'ok',
};

/** What needs a person first. */
const WORST_FIRST: readonly FollowState[] = ['lost', 'halted', 'away', 'catchingUp', 'waiting', 'following', 'done'];

/** One state for all databases: the one that matters most. */
export const worstState = (databases: readonly Pick<DatabaseFollow, 'state'>[]): FollowState =>
  WORST_FIRST.find((state) => databases.some((each) => each.state === state)) ?? FOLLOW_STATES[0];

/** Every halt, the oldest first. */
export const haltsOf = (follow: FollowProgress | null): Halt[] =>
  (follow?.databases ?? []).flatMap(({ halts }) => halts).toSorted((a, b) => a.at - b.at);

/** What is told of the time to come. `still`: a database waits for a person or a server; `behind`: the gap grows. */
export type Outlook =
  | { readonly kind: 'still' | 'behind' | 'closed' | 'unknown' }
  | { readonly kind: 'estimate'; readonly seconds: number };

const STILL: ReadonlySet<FollowState> = new Set(['halted', 'away', 'lost']);
/** What is under way at any moment is no gap. */
const SMALL_BYTES = 1024 * 1024;

export function outlookOf(follow: FollowProgress): Outlook {
  if (follow.databases.some(({ state }) => STILL.has(state))) return { kind: 'still' };
  if (follow.fallingBehind) return { kind: 'behind' };
  if (follow.lagBytes < SMALL_BYTES && follow.lagSeconds !== null && follow.lagSeconds < 1) return { kind: 'closed' };
  if (follow.estimateSeconds === null) return { kind: 'unknown' };
  return { kind: 'estimate', seconds: follow.estimateSeconds };
}

/** Seconds as a person reads them; nothing at all is `0 s`. */
export const secondsText = (seconds: number): string => (seconds === 0 ? '0 s' : formatDuration(seconds * 1000));

/** How much WAL the source keeps, drawn against what it may keep. Shares are of the bar, 0 … 1. */
export interface WalShare {
  readonly share: number;
  /** Where the warning begins; null: there is none, or it lies beyond the bar. */
  readonly alarmAt: number | null;
  readonly tone: 'accent' | 'warn' | 'error';
}

/**
 * @param alarm bytes from which on it warns; 0 never
 * @param ceiling bytes at which the task gives up; 0 never
 * @returns null when there is no ceiling to draw it against
 */
export function walShare(retained: number, alarm: number, ceiling: number): WalShare | null {
  if (ceiling === 0) return null;
  const share = Math.min(1, retained / ceiling);
  return {
    share,
    alarmAt: alarm > 0 && alarm < ceiling ? alarm / ceiling : null,
    tone: share >= 0.9 ? 'error' : alarm > 0 && retained >= alarm ? 'warn' : 'accent',
  };
}

type Completable = Pick<MigrationJobView, 'type' | 'status' | 'actions' | 'isolated'>;

/**
 * Why a task cannot be completed now, in the order of their weight; empty when it can be.
 * @returns null when completing is out of the question: another type, not running, or past it
 */
export function blockersOf(job: Completable, progress: MigrationProgress | null): readonly Blocker[] | null {
  if (job.type !== 'fullAndIncrement' || job.isolated) return null;
  if (job.actions.includes('complete')) return [];
  if (job.status !== 'running' && job.status !== 'readyComplete') return null;
  const follow = progress?.follow ?? null;
  if (follow === null) return ['copying'];
  // It has to stay without a gap for a moment before it is ready.
  return follow.blockers.length === 0 ? ['gap'] : follow.blockers;
}

/** Whether its changes flow from the target back to the source. */
export const flowsBack = (progress: MigrationProgress | null): boolean => progress?.follow?.direction === 'back';

/** Whether the rows are copied, so that what can be set for the copy means nothing any more. */
export const isCopied = (progress: MigrationProgress | null): boolean =>
  progress?.steps.some(({ step, state }) => step === 'copy' && state === 'success') === true;

/** The step of a cut-over that has failed, so that it stands still until a person asks for it again or takes it back. */
export const failedStep = (progress: MigrationProgress | null): CutOverStep | undefined =>
  progress?.follow?.cutOver.find(({ state }) => state === 'failed');
