import type { StateReaders } from './state-reader';

export const TABLE_STATES: StateReaders = {};
