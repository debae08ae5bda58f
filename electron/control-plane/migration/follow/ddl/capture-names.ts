import { PROGRESS_SCHEMA } from '../follow-model';

/** What a task has on a source whose changes of the structure it notes; several tasks do not disturb one another. */
export interface CaptureNames {
  readonly schema: string;
  /** Secret of the task: what is told without it is not ours. */
  readonly keys: string;
  /** Tables as they were after the last change that was noted. */
  readonly shapes: string;
  /** Takes the messages below 14, where the stream brings rows only. */
  readonly log: string;
  readonly shapeOf: string;
  readonly detail: string;
  readonly tell: string;
  readonly note: string;
  readonly failed: string;
  readonly trigger: string;
  readonly eventTriggers: readonly { readonly name: string; readonly event: string }[];
}

const plain = (jobId: string): string => jobId.toLowerCase().replace(/[^a-z0-9]/g, '_');

export function captureNames(jobId: string): CaptureNames {
  const job = plain(jobId);
  return {
    schema: PROGRESS_SCHEMA,
    keys: `ddl_key_${job}`,
    shapes: `ddl_shape_${job}`,
    log: `ddl_log_${job}`,
    shapeOf: `ddl_shape_of_${job}`,
    detail: `ddl_detail_${job}`,
    tell: `ddl_tell_${job}`,
    note: `ddl_note_${job}`,
    failed: `ddl_failed_${job}`,
    trigger: `ddl_${job}`,
    eventTriggers: [
      { name: `howdah_${job}_end`, event: 'ddl_command_end' },
      { name: `howdah_${job}_drop`, event: 'sql_drop' },
      { name: `howdah_${job}_rewrite`, event: 'table_rewrite' },
    ],
  };
}

/**
 * What tasks do on a source for themselves, in a transaction that begins so, is not told: no other task carries it over. It holds for triggers and
 * privileges only, whoever says it.
 */
export const OWN_CHANGE = `SET LOCAL howdah.own_change = 'on'`;
export const OWN_CHANGE_NAME = 'howdah.own_change';

/** Prefix of the messages. */
export const DDL_PREFIX = 'howdah.ddl';
/** From here on messages come in the stream of pgoutput. */
export const MESSAGES_FROM = 140_000;
