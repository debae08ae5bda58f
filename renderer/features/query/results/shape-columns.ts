import { isShapeType } from '../../../../shared/model/geometry';
import type { ResultColumn } from '../../../../shared/model/query';

/** Columns that hold shapes. */
export const shapeColumns = (columns: readonly ResultColumn[]): number[] =>
  columns.flatMap(({ typeName }, index) => (isShapeType(typeName) ? [index] : []));
