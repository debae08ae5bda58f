import type { AnyForm } from '../form';

/** Dialogs of tables and their parts. */
export const TABLE_FORMS: readonly AnyForm[] = [];
