import type { EditTarget, NewValue, NotEditable, RowEdit, SaveOutcome } from '../../shared/model/edit';
import type { QueryBench } from './query';

const none = { signal: new AbortController().signal };

/** The rows of one query, to be edited as the window would. */
export interface EditBench {
  readonly resultId: string;
  target(): Promise<EditTarget>;
  reason(): Promise<NotEditable>;
  sql(...edits: RowEdit[]): Promise<readonly string[]>;
  save(...edits: RowEdit[]): Promise<SaveOutcome>;
  overwrite(...edits: RowEdit[]): Promise<SaveOutcome>;
}

/** Runs a query in a session; its last result is edited. */
export async function editBench(bench: QueryBench, session: string, sql: string): Promise<EditBench> {
  const { handlers } = bench.feature;
  const state = await bench.run(session, sql);
  const resultId = state.results.at(-1)?.resultId ?? '';
  if (resultId === '') throw new Error(`no result: ${state.messages.map(({ text }) => text).join('\n')}`);
  const found = () => handlers.editTarget({ resultId }, none);
  return {
    resultId,
    async target() {
      const answer = await found();
      if ('reason' in answer) throw new Error(`not editable: ${answer.reason}`);
      return answer.target;
    },
    async reason() {
      const answer = await found();
      if ('target' in answer) throw new Error('editable');
      return answer.reason;
    },
    sql: async (...edits) => (await handlers.editSql({ resultId, edits }, none)).statements,
    save: (...edits) => handlers.saveEdits({ resultId, edits, overwrite: false }, none),
    overwrite: (...edits) => handlers.saveEdits({ resultId, edits, overwrite: true }, none),
  };
}

export const update = (row: number, values: Readonly<Record<number, NewValue>>): RowEdit => ({
  kind: 'update',
  row,
  values,
});
export const remove = (row: number): RowEdit => ({ kind: 'delete', row });
export const insert = (values: Readonly<Record<number, NewValue>>): RowEdit => ({ kind: 'insert', values });
