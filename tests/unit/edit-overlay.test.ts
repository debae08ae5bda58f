import { describe, expect, it } from 'vitest';
import { stagedCells } from '../../renderer/features/query/edit/edit-overlay';
import { afterTransaction, NOT_EDITED, type EditState } from '../../renderer/features/query/edit/edit-store';
import { addRows, deleteRows, noneStaged, setCells } from '../../shared/model/edit-staging';
import type { QueryMessage } from '../../shared/model/query';

const command = (text: string, at: number): QueryMessage => ({
  severity: 'COMMAND',
  text,
  detail: '',
  hint: '',
  where: '',
  sqlstate: '',
  position: null,
  statement: null,
  ms: 1,
  at,
});

describe('cells that are not as they were read', () => {
  it('are those changed, added and saved, within the range', () => {
    const changed = setCells(noneStaged(4), [
      { row: 0, column: 1, value: 'new' },
      { row: 1, column: 0, value: null },
      { row: 3, column: 1, value: 'outside' },
    ]);
    const now = deleteRows(addRows(changed, [{ 0: 'added', 1: { default: true } }]), 3, 3);
    const known = new Map([[2, ['saved', 'too']]]);
    const state: EditState = { ...NOT_EDITED, staging: { past: [], now, future: [] }, known };
    const cells = stagedCells(state, { from: 0, to: 4, columns: [0, 1] });
    expect(cells.toSorted((a, b) => a.row - b.row)).toEqual([
      { row: 0, values: { 1: 'new' } },
      { row: 1, values: { 0: null } },
      { row: 2, values: { 0: 'saved', 1: 'too' } },
      { row: 4, values: { 0: 'added', 1: null } },
    ]);
    expect(stagedCells(state, { from: 1, to: 1, columns: [1] })).toEqual([{ row: 1, values: {} }]);
  });
});

describe('rows saved in an open transaction', () => {
  const known = new Map([
    [0, ['a']],
    [1, ['b']],
    [3, ['new']],
  ]);
  const edits: EditState = { ...NOT_EDITED, known, pending: { rows: new Set([1, 3]), since: 100 } };

  it('wait while it is open, whatever ended one before', () => {
    const before = [command('ROLLBACK', 99), command('INSERT 0 1', 120)];
    expect(afterTransaction(edits, { transaction: 'transaction', messages: before }, 3)).toBe(edits);
  });
  it('stay when it is committed', () => {
    const after = afterTransaction(edits, { transaction: 'idle', messages: [command('COMMIT', 120)] }, 3);
    expect(after).toMatchObject({ known, pending: null, rolledBack: false });
  });
  it.each(['ROLLBACK', 'connection'])('are as they were read after a lost one: %s', (how) => {
    const messages = how === 'ROLLBACK' ? [command('ROLLBACK', 120)] : [];
    const after = afterTransaction(edits, { transaction: how === 'ROLLBACK' ? 'idle' : 'lost', messages }, 3);
    expect(after.rolledBack).toBe(true);
    expect([...after.known]).toEqual([
      [0, ['a']],
      [3, null],
    ]);
  });
});
