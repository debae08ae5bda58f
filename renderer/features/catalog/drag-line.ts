import { hasRows } from '../../../shared/model/catalog-rules';
import type { ObjectKind } from '../../../shared/model/catalog';
import { quoteQualified } from '../../../shared/model/quote';
import type { DraggedObject } from '../../ui/drag-object';
import type { ExplorerLine } from './model';

/** Parts of tables: a statement names them without their schema, which is that of the table. */
const PARTS: ReadonlySet<ObjectKind> = new Set(['column', 'constraint', 'trigger', 'rule', 'policy']);
const CALLED: ReadonlySet<ObjectKind> = new Set(['function', 'procedure', 'aggregate', 'trigger-function']);

/** What a line of the tree puts into a text: its name, of functions with the arguments. Null for what has no name of its own there. */
export function draggedOf({ content }: ExplorerLine): DraggedObject | null {
  if (content.type !== 'object' && content.type !== 'favourite') return null;
  const ref = content.type === 'object' ? content.node.ref : content.ref;
  const note = content.type === 'object' ? content.node.note : '';
  const name = quoteQualified(PARTS.has(ref.kind) ? '' : ref.schema, ref.name);
  if (CALLED.has(ref.kind)) return { name: note.startsWith('(') ? `${name}${note}` : `${name}()`, path: [] };
  return { name, path: hasRows(ref.kind) ? [ref.schema, ref.name] : [] };
}
