import type { Decision, Halt } from '../../../../shared/model/migration';
import type { HaltChoice } from '../../../../shared/model/migration-words';

/** Where a stream stands still: its database, and the table when there is one. */
export const haltPlace = ({ database, schema, table }: Pick<Halt, 'database' | 'schema' | 'table'>): string =>
  [database, schema, table].filter((part) => part !== '').join('.');

/** What a person has decided. A statement goes along only when it is to be run and differs from the one that was shown. */
export function decisionOf(halt: Halt, choice: HaltChoice, statement: string): Decision {
  const { database, id } = halt;
  const edited = choice === 'apply' && halt.kind === 'ddl' && statement !== halt.statement;
  return { database, id, choice, ...(edited ? { statement } : {}) };
}

/** The choice that is offered first: the task names what suits best first. Leaving something out never keeps both sides alike. */
export const likelyChoice = ({ choices }: Pick<Halt, 'choices'>): HaltChoice | undefined =>
  choices.find((choice) => choice !== 'skip');

/** Whether the choice leaves rows out, so that the target misses what the source has: it is asked about first. */
export const losesRows = ({ kind }: Pick<Halt, 'kind'>, choice: HaltChoice): boolean =>
  choice === 'skip' && kind !== 'ddl';
