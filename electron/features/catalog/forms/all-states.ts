import { CLUSTER_STATES } from './cluster-states';
import { CODE_STATES } from './code-states';
import type { StateReaders } from './state-reader';
import { TABLE_STATES } from './table-states';

/** How the form of an object is filled, by kind. */
export const STATES: StateReaders = { ...CLUSTER_STATES, ...TABLE_STATES, ...CODE_STATES };
