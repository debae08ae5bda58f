import { z } from 'zod';
import { FOLDER_KINDS, OBJECT_KINDS, type FolderKind, type ObjectProperties, type TreeNode } from '../model/catalog';
import { call } from './define';

const where = {
  serverId: z.string().min(1).max(64),
  /** Empty for things of the whole server. */
  database: z.string().max(63),
};

export const objectRef = z.object({
  kind: z.enum(OBJECT_KINDS),
  oid: z.number().int().min(0),
  schema: z.string().max(63),
  name: z.string().max(1000),
  sub: z.number().int(),
});

export const catalog = {
  calls: {
    /** Folders under an object with the number of things in each; only folders that the kind can have. */
    folders: call<{ folder: FolderKind; count: number }[]>()(
      z.object({ ...where, parent: objectRef.nullable(), showSystem: z.boolean() }),
    ),
    /** Everything in one folder, sorted by name (columns by number). `parent` is the database's, schema's or table's ref; null at the server. */
    children: call<TreeNode[]>()(
      z.object({
        ...where,
        folder: z.enum(FOLDER_KINDS),
        parent: objectRef.nullable(),
        showSystem: z.boolean(),
      }),
    ),
    properties: call<ObjectProperties>()(z.object({ ...where, object: objectRef })),
    /** The statements that make the object anew, exactly, with owner, privileges and comments. */
    ddl: call<{ sql: string }>()(z.object({ ...where, object: objectRef })),
  },
  pushes: {},
};
