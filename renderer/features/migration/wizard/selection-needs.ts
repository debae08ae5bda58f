import type { ObjectSelection } from '../../../../shared/model/migration';
import type { ClosureNote } from '../../../../shared/model/migration-api';
import {
  change,
  findDatabase,
  findSchema,
  newDatabase,
  newSchema,
  withDatabase,
  withSchema,
  type Group,
} from './selection';

/** Completes a selection by what its objects need: pure. */

const NEEDS: Readonly<Record<string, Group>> = {
  table: 'tables',
  'partitioned table': 'tables',
  partitioned: 'tables',
  'foreign table': 'tables',
  foreign: 'tables',
  view: 'views',
  'materialized view': 'views',
  materialized: 'views',
  function: 'functions',
  procedure: 'functions',
  aggregate: 'functions',
  sequence: 'sequences',
};

/** Adds everything that the notes say can be added. */
export function addNeeded(selection: ObjectSelection, notes: readonly ClosureNote[]): ObjectSelection {
  let next = selection;
  for (const { database, needs, how } of notes) {
    const group = NEEDS[needs.kind.toLowerCase()];
    if (how !== 'add' || group === undefined) continue;
    const found = findDatabase(next, database) ?? newDatabase(database, 'partial');
    const schema = findSchema(found, needs.schema) ?? newSchema(needs.schema, 'partial');
    if (found.mode === 'all' || schema.mode === 'all') continue;
    next = withDatabase(next, withSchema(found, change(schema, group, new Set([needs.name]), true)));
  }
  return next;
}
