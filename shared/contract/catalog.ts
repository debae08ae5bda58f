import { z } from 'zod';
import {
  FOLDER_KINDS,
  MAX_STATEMENTS,
  OBJECT_KINDS,
  type DropPlan,
  type FolderKind,
  type FoundObject,
  type Listing,
  type ObjectProperties,
  type ObjectRef,
  type RelatedObject,
  type TreeNode,
} from '../model/catalog';
import { CHOICE_SOURCES, type Choice, type FormState } from '../model/form';
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
    /** An object as the tree shows it now, and what it stands under. Fails with `not-found` when it is gone. */
    node: call<{ node: TreeNode; parent: ObjectRef | null }>()(z.object({ ...where, object: objectRef })),
    properties: call<ObjectProperties>()(z.object({ ...where, object: objectRef })),
    /** The statements that make the object anew, exactly, with owner, privileges and comments. */
    ddl: call<{ sql: string }>()(z.object({ ...where, object: objectRef })),
    /** A folder as a grid. */
    listing: call<Listing>()(
      z.object({ ...where, folder: z.enum(FOLDER_KINDS), parent: objectRef.nullable(), showSystem: z.boolean() }),
    ),
    statistics: call<ObjectProperties>()(z.object({ ...where, object: objectRef })),
    related: call<RelatedObject[]>()(
      z.object({ ...where, object: objectRef, direction: z.enum(['needs', 'needed-by']) }),
    ),
    search: call<{ found: FoundObject[]; more: boolean }>()(
      z.object({
        ...where,
        text: z.string().min(1).max(1000),
        kinds: z.array(z.enum(OBJECT_KINDS)).max(OBJECT_KINDS.length),
        inside: z.boolean(),
        showSystem: z.boolean(),
        limit: z.number().int().min(1).max(10_000),
      }),
    ),
    /** What a form needs to know of where it is. */
    session: call<{ version: number; user: string; standby: boolean }>()(z.object(where)),
    /** What the form of an object shows now. */
    formState: call<{ variant: string; state: FormState }>()(z.object({ ...where, object: objectRef })),
    choices: call<Choice[]>()(z.object({ ...where, source: z.enum(CHOICE_SOURCES), of: z.string().max(1000) })),
    /** The SCRAM verifier of a password: what a statement may carry. */
    passwordVerifier: call<{ verifier: string }>()(z.object({ password: z.string().min(1).max(1000) })),
    dropPlan: call<DropPlan>()(
      z.object({
        ...where,
        objects: z.array(objectRef).min(1).max(10_000),
        cascade: z.boolean(),
        force: z.boolean(),
      }),
    ),
    /**
     * Runs statements that a person has seen, those that may in one transaction, with the rights of the registration (a read-only one refuses).
     * Fails with `sql`: `detail` says which statement, and what stayed.
     */
    execute: call<{ notices: string[] }>()(
      z.object({
        ...where,
        statements: z
          .array(z.object({ sql: z.string().min(1).max(10_000_000), outside: z.literal(true).optional() }))
          .min(1)
          .max(MAX_STATEMENTS),
      }),
    ),
    /** Rows of a relation, counted by the server. */
    countRows: call<{ rows: number }>()(z.object({ ...where, object: objectRef })),
  },
  pushes: {},
};
