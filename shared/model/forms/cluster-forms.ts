import type { AnyForm } from '../form';

/** Dialogs of databases, roles, schemas, relations without columns of their own, replication. */
export const CLUSTER_FORMS: readonly AnyForm[] = [];
