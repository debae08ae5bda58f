import { extensionState, schemaState, tablespaceState } from './cluster/container-states';
import { databaseState } from './cluster/database-state';
import { materializedViewState, sequenceState, viewState } from './cluster/relation-states';
import { publicationState, subscriptionState } from './cluster/replication-states';
import { roleState } from './cluster/role-state';
import type { StateReaders } from './state-reader';

export const CLUSTER_STATES: StateReaders = {
  database: databaseState,
  role: roleState,
  tablespace: tablespaceState,
  schema: schemaState,
  extension: extensionState,
  sequence: sequenceState,
  view: viewState,
  'materialized-view': materializedViewState,
  publication: publicationState,
  subscription: subscriptionState,
};
