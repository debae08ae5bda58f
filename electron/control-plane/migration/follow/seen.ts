import type { Begin, ChangeSink, Lsn } from './change-stream';

/** Commit times that are remembered lie at least so far apart. */
const MARK_MS = 100;

/** Sees transactions begin and end on their way to the applier. */
export interface Seen {
  /** Of the transaction at hand. */
  open: Begin | null;
  /** Of the transaction that came last, whether it is at its end or not. */
  last: Begin | null;
  /** Not durable yet, oldest first; not every one, but always the oldest. */
  readonly waiting: { readonly endLsn: Lsn; readonly committedAt: number }[];
  /** Commit time of the one that was written down last; those that came since are hardly younger. */
  marked: number;
}

/** The sink, with what goes by written down. */
export function watched(sink: ChangeSink, seen: Seen, onCommit: () => void): ChangeSink {
  return {
    begin(begin) {
      seen.open = begin;
      seen.last = begin;
      return sink.begin(begin);
    },
    commit(commit) {
      const { endLsn, committedAt } = commit;
      const last = seen.waiting.at(-1);
      if (!last || committedAt - last.committedAt >= MARK_MS) {
        seen.waiting.push({ endLsn, committedAt });
        seen.marked = committedAt;
      }
      const wait = sink.commit(commit);
      seen.open = null;
      onCommit();
      return wait;
    },
    origin: sink.origin.bind(sink),
    relation: sink.relation.bind(sink),
    insert: sink.insert.bind(sink),
    update: sink.update.bind(sink),
    delete: sink.delete.bind(sink),
    truncate: sink.truncate.bind(sink),
    message: sink.message.bind(sink),
  };
}
