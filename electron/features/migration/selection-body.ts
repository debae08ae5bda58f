import type { ObjectSelection } from '../../../shared/model/migration';

/** A selection without what the daemon fills in by itself: with ten thousands of tables a request has to be small. */
export const selectionBody = (selection: ObjectSelection): object => ({
  ...selection,
  databases: selection.databases.map((database) => ({
    ...database,
    schemas: database.schemas.map((schema) => ({
      ...schema,
      tables: schema.tables.map(({ name, newName, rowFilter }) => ({
        name,
        ...(newName === '' ? {} : { newName }),
        ...(rowFilter === '' ? {} : { rowFilter }),
      })),
    })),
  })),
});
