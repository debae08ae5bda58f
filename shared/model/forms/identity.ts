import type { Statement } from '../catalog';
import type { FieldProblem, FormState, FormValue } from '../form';
import { quoteIdent, quoteLiteral } from '../quote';

/*
 * Who an object is. `target` is the class and the name as SQL writes them, e.g. `TABLE sales.orders`: what stands after ALTER or ON.
 * Of a new object `before` is null or empty.
 */

/** Gives the object to a role; nothing when the owner is left open. */
export const ownerChange = (target: string, before: string | null, after: string): Statement[] =>
  after === '' || before === after ? [] : [{ sql: `ALTER ${target} OWNER TO ${quoteIdent(after)}` }];

/** Sets or removes the comment. */
export const commentChange = (target: string, before: string | null, after: string): Statement[] =>
  (before ?? '') === after ? [] : [{ sql: `COMMENT ON ${target} IS ${after === '' ? 'NULL' : quoteLiteral(after)}` }];

/** A comment on something whose name is left to the server has nothing to stand at. */
export const checkNamed = (comment: FormValue, { name }: FormState): FieldProblem | null =>
  typeof comment === 'string' && comment !== '' && (name ?? '') === '' ? { problem: 'name-for-comment' } : null;

/** Moves the object to a schema. What follows must name it there. */
export const schemaChange = (target: string, before: string, after: string): Statement[] =>
  after === '' || before === after ? [] : [{ sql: `ALTER ${target} SET SCHEMA ${quoteIdent(after)}` }];

/** Gives the object a new name. What follows must use it. */
export const renameChange = (target: string, before: string, after: string): Statement[] =>
  after === '' || before === after ? [] : [{ sql: `ALTER ${target} RENAME TO ${quoteIdent(after)}` }];
