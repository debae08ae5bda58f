import type { InstanceRecord } from '../instances/record';
import type { AccountInstances } from './work';

/** What the server does not know of an account. Times in milliseconds since the epoch; 0: it was made in SQL, or never. */
export type AccountNote = InstanceRecord['accounts'][string];

const NONE: AccountNote = { remark: '', createdAt: 0, updatedAt: 0, passwordUpdatedAt: 0 };

export function noteOf(record: InstanceRecord, name: string): AccountNote | null {
  return Object.hasOwn(record.accounts, name) ? (record.accounts[name] ?? null) : null;
}

/** The note of the instance's own account, which is as old as the instance until something else is known. */
export const adminNote = (record: InstanceRecord): AccountNote => ({
  remark: '',
  createdAt: record.createdAt,
  updatedAt: record.createdAt,
  passwordUpdatedAt: record.createdAt,
});

/**
 * Changes the note of an account; `null` forgets it. Nothing may be awaited between reading the notes and handing them on: two changes of one
 * instance would lose the first one.
 */
export async function changeNote(
  instances: AccountInstances,
  id: string,
  name: string,
  change: Partial<AccountNote> | null,
): Promise<void> {
  const record = instances.get(id);
  if (!record) return;
  const { [name]: known, ...others } = record.accounts;
  if (change === null) {
    if (known) await instances.change(id, { accounts: others });
    return;
  }
  const before = known ?? (name === record.adminUser ? adminNote(record) : NONE);
  await instances.change(id, { accounts: { ...others, [name]: { ...before, updatedAt: Date.now(), ...change } } });
}
