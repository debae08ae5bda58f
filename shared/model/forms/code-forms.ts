import type { AnyForm } from '../form';

/** Dialogs of functions, types, text search, foreign data and the rest. */
export const CODE_FORMS: readonly AnyForm[] = [];
