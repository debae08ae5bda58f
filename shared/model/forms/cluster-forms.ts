import type { AnyForm } from '../form';
import { databaseForm } from './cluster/database-form';
import { extensionForm } from './cluster/extension-form';
import { materializedViewForm } from './cluster/materialized-view-form';
import { publicationForm } from './cluster/publication-form';
import { roleForm } from './cluster/role-form';
import { schemaForm } from './cluster/schema-form';
import { sequenceForm } from './cluster/sequence-form';
import { subscriptionForm } from './cluster/subscription-form';
import { tablespaceForm } from './cluster/tablespace-form';
import { viewForm } from './cluster/view-form';

/** Dialogs of databases, roles, schemas, relations without columns of their own, replication. */
export const CLUSTER_FORMS: readonly AnyForm[] = [
  databaseForm,
  roleForm,
  tablespaceForm,
  schemaForm,
  extensionForm,
  sequenceForm,
  viewForm,
  materializedViewForm,
  publicationForm,
  subscriptionForm,
];
