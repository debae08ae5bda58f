import type { ObjectOutcome } from '../../../../shared/model/migration';
import type { Tone } from '../../../ui/status-pill';

export const TONE_OF_OUTCOME: Readonly<Record<ObjectOutcome['outcome'], Tone>> = {
  done: 'ok',
  failed: 'error',
  skipped: 'warn',
};

export const nameOf = ({ schema, name }: Pick<ObjectOutcome, 'schema' | 'name'>): string =>
  schema === '' ? name : `${schema}.${name}`;

/** One object as text for the clipboard: what, why, and the statement to run by hand. */
export const outcomeText = (object: ObjectOutcome): string =>
  [
    `-- ${object.kind} ${nameOf(object)} (${object.database}): ${object.outcome}`,
    ...object.reason.split('\n').map((line) => `-- ${line}`),
    object.statement,
  ]
    .filter((line) => line !== '')
    .join('\n');
