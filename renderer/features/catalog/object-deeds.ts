import type { ObjectRef } from '../../../shared/model/catalog';
import { isOfServer } from '../../../shared/model/catalog-rules';
import { formsOf } from '../../../shared/model/forms/all-forms';

/** Whether an object has a dialog that changes it. */
export const canEdit = (object: ObjectRef): boolean =>
  formsOf(object.kind).some(({ editable }) => editable) && !isOfServer(object);

/** Replicas are no thing of this server. */
export const canDrop = (object: ObjectRef): boolean => object.kind !== 'replica' && !isOfServer(object);
