import { z } from 'zod';
import { PRIVILEGE_OBJECTS, type AccountView, type DatabaseView, type PrivilegeView } from '../model/account';
import { call } from './define';

const text = (max: number) => z.string().max(max);
const plane = text(64).default('local');
/** The instance. */
const one = { plane, id: z.string().min(1).max(64) };
const name = z.string().min(1).max(63);

const privilegeObject = z.object({
  type: z.enum(PRIVILEGE_OBJECTS),
  /** An overloaded function has its arguments behind its name. */
  name: text(2000),
  database: text(63),
  schema: text(63),
  table: text(63),
});

/** Accounts and databases of an instance. */
export const accounts = {
  calls: {
    list: call<AccountView[]>()(z.object(one)),
    create: call<void>()(
      z.object({ ...one, name, password: text(200), remark: text(200), type: z.enum(['normal', 'super']) }),
    ),
    remove: call<void>()(z.object({ ...one, name })),
    resetPassword: call<void>()(z.object({ ...one, name, password: text(200) })),
    setRemark: call<void>()(z.object({ ...one, name, remark: text(200) })),
    /** Locked: cannot log in; its sessions are ended. */
    lock: call<void>()(z.object({ ...one, name })),
    unlock: call<void>()(z.object({ ...one, name })),
    privileges: call<PrivilegeView[]>()(z.object({ ...one, name, objects: z.array(privilegeObject).min(1).max(50) })),
    /** Grants, revokes and another type, all or nothing. Each change with both grants and revokes counts twice; at most 50. */
    setPrivileges: call<void>()(
      z.object({
        ...one,
        name,
        type: z.enum(['normal', 'super']).optional(),
        changes: z
          .array(
            z.object({
              object: privilegeObject,
              grant: z.array(text(32)).max(20),
              revoke: z.array(text(32)).max(20),
              cascade: z.boolean().default(false),
            }),
          )
          .max(50),
      }),
    ),
    databases: call<DatabaseView[]>()(z.object(one)),
    createDatabase: call<void>()(
      z.object({ ...one, name, owner: name, encoding: text(32), collate: text(63), ctype: text(63) }),
    ),
    setDatabaseOwner: call<void>()(z.object({ ...one, name, owner: name })),
    dropDatabase: call<void>()(z.object({ ...one, name })),
    /** Names of one kind of objects, for the privilege dialog: schemas of a database, tables of a schema, … */
    objects: call<string[]>()(
      z.object({ ...one, type: z.enum(PRIVILEGE_OBJECTS), database: text(63), schema: text(63), table: text(63) }),
    ),
  },
  pushes: {},
};
