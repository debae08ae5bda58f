import { ExecuteFailure, type PipelineSession } from '../../../../adapters/postgres/pipeline-session';
import { AppError } from '../../../../../shared/errors';

/** A part of what is sent for a window, and what its answer must be. */
export type Unit =
  /** The last command tag must be this one; without `tag` any will do. */
  | { readonly kind: 'sql'; readonly sql: string; readonly tag?: string }
  | { readonly kind: 'copy'; readonly sql: string; readonly data: readonly Buffer[]; readonly rows: number }
  /** One statement for each of `changes`, which are numbers in the window. */
  | { readonly kind: 'rows'; readonly messages: readonly Buffer[]; readonly changes: readonly number[] };

/** What went wrong first. `change`: number of the change whose statement it was; -1: not known. */
export interface UnitFailure {
  readonly error: AppError | null;
  readonly change: number;
  /** Of a statement that was done: how many rows it found. */
  readonly rows: number;
  readonly text: string;
}

const rowsOf = (tag: string): number => Number(/ (\d+)$/.exec(tag)?.[1] ?? Number.NaN);

const failed = (error: AppError, change = -1): UnitFailure => ({ error, change, rows: 0, text: error.message });
const differs = (text: string, change: number, rows: number): UnitFailure => ({ error: null, change, rows, text });

async function sendOne(
  session: PipelineSession,
  unit: Unit,
  tolerate: (change: number, rows: number) => boolean,
): Promise<UnitFailure | null> {
  try {
    if (unit.kind === 'sql') {
      const tag = (await session.query(unit.sql)).tags.at(-1) ?? '';
      return unit.tag === undefined || tag === unit.tag
        ? null
        : differs(`${unit.tag} was meant, ${tag} was done`, -1, 0);
    }
    if (unit.kind === 'copy') {
      const rows = await session.copy(unit.sql, unit.data);
      return rows === unit.rows ? null : differs(`COPY ${unit.rows} was meant, COPY ${rows} was done`, -1, rows);
    }
    const tags = await session.execute(unit.messages);
    if (tags.length !== unit.changes.length)
      return differs(`${unit.changes.length} statements were sent, ${tags.length} were answered`, -1, 0);
    for (const [at, change] of unit.changes.entries()) {
      const rows = rowsOf(tags[at] ?? '');
      if (rows !== 1 && !tolerate(change, rows)) return differs(`${tags[at]} instead of one row`, change, rows);
    }
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'lost-connection') throw error;
    if (unit.kind !== 'rows') return failed(error);
    return failed(error, error instanceof ExecuteFailure ? (unit.changes[error.tags.length] ?? -1) : -1);
  }
}

/**
 * Sends all at once and reads every answer. Null: everything was done as meant. Fails only with what is not the server's answer: a lost connection.
 * `tolerate` is asked about changes that found no row, or several.
 */
export async function sendUnits(
  session: PipelineSession,
  units: readonly Unit[],
  tolerate: (change: number, rows: number) => boolean = () => false,
): Promise<UnitFailure | null> {
  const answers = await Promise.allSettled(units.map((unit) => sendOne(session, unit, tolerate)));
  for (const answer of answers) {
    if (answer.status === 'rejected') throw answer.reason;
    if (answer.value !== null) return answer.value;
  }
  return null;
}
