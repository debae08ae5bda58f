import { CLUSTER_STATES } from './cluster-states';
import { CODE_STATES } from './code-states';
import { domainCheckState } from './code/type-states';
import type { StateReader, StateReaders } from './state-reader';
import { TABLE_STATES } from './table-states';

/** Constraints of tables, and of domains. */
const constraintState: StateReader = async (session, object, signal) =>
  (await TABLE_STATES.constraint?.(session, object, signal)) ?? domainCheckState(session, object, signal);

/** How the form of an object is filled, by kind. */
export const STATES: StateReaders = {
  ...CLUSTER_STATES,
  ...TABLE_STATES,
  ...CODE_STATES,
  constraint: constraintState,
};
