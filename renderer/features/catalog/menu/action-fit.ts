import { isKnownFor } from '../../../../shared/model/actions/simple-actions';
import type { ObjectRef } from '../../../../shared/model/catalog';
import { isOfServer } from '../../../../shared/model/catalog-rules';
import type { ObjectAction } from '../../../../shared/model/command';

/** An object as the tree shows it. */
export interface ActedOn {
  readonly object: ObjectRef;
  readonly mark: string;
  readonly note: string;
  readonly isPartition: boolean;
  /** A trigger or rule of a view: those are always on. */
  readonly isOfView: boolean;
  /** `server_version_num`. */
  readonly version: number;
}

/** Marks of things that can be turned on: those that are off, and those that fire otherwise than usual. */
const TURNED = new Set(['disabled', 'replica', 'always']);
/** What may be done with the catalogs of the server themselves. */
const ON_CATALOGS: ReadonlySet<ObjectAction> = new Set(['maintain', 'grant', 'reset-statistics']);

/** Whether an action makes sense for an object as the tree marks it. */
export function fitsObject(action: ObjectAction, acted: ActedOn): boolean {
  const { object, mark, note, isPartition, isOfView, version } = acted;
  if (!isKnownFor(action, object.kind, version)) return false;
  if (isOfServer(object) && !ON_CATALOGS.has(action)) return false;
  switch (action) {
    case 'detach':
      return isPartition;
    case 'enable':
      return TURNED.has(mark) && !isOfView;
    case 'disable':
      return mark !== 'disabled' && !isOfView;
    case 'validate':
      return note.endsWith('NOT VALID');
    default:
      return true;
  }
}
