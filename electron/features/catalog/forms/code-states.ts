import type { StateReaders } from './state-reader';

export const CODE_STATES: StateReaders = {};
