import type { ObjectKind, ObjectRef } from '../../../../shared/model/catalog';
import type { FormState } from '../../../../shared/model/form';
import type { PgSession } from '../../../adapters/postgres/session';

/** The state of an object's form as it is now, and which of the kind's forms it is. */
export interface ReadState {
  readonly variant: string;
  readonly state: FormState;
}

/** Reads what the form of an object shows. Null when the object is gone. */
export type StateReader = (session: PgSession, object: ObjectRef, signal: AbortSignal) => Promise<ReadState | null>;

export type StateReaders = Readonly<Partial<Record<ObjectKind, StateReader>>>;
