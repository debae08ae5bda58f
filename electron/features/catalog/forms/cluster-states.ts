import type { StateReaders } from './state-reader';

export const CLUSTER_STATES: StateReaders = {};
