import type { ResultColumn } from '../../../../shared/model/query';
import { isShapeType, parseGeometry } from '../../../../shared/model/geometry';
import type { Geometry } from '../../../../shared/model/geometry-shapes';
import { prettyJson } from '../json-pretty';
import { byteaBytes, pictureType } from './bytes-text';
import { arrayParts, type LiteralPart, rowParts } from './literal-parts';
import { type XmlLine, xmlLines } from './xml-lines';

export const VIEWER_KINDS = ['picture', 'map', 'pretty', 'tree', 'xml', 'list', 'hex', 'raw'] as const;
export type ViewerKind = (typeof VIEWER_KINDS)[number];

/** What a value can be shown as; what is null cannot. */
export interface ValueForms {
  readonly kinds: readonly ViewerKind[];
  readonly pretty: string | null;
  readonly xml: readonly XmlLine[] | null;
  readonly parts: readonly LiteralPart[] | null;
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly picture: string | null;
  readonly geometry: Geometry | null;
}

/** Characters up to which arrays and rows are taken apart. */
const MAX_LITERAL = 20_000_000;
const PLAIN = /^(text|character|name|json|xml|bytea|unknown|"char"|.*range)/;
/** Geometries that extensions show as text, and those that functions return. */
const TEXT_GEOMETRY = /^(SRID=\d+;)?(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(Z|M|ZM)?\s*\(/i;

/** Chosen by type and content: the first kind is the one shown at first. */
export function valueForms(value: string, column: Pick<ResultColumn, 'typeName'>): ValueForms {
  const { typeName } = column;
  const bytes = typeName === 'bytea' ? byteaBytes(value) : null;
  const picture = bytes === null ? null : pictureType(bytes);
  const shown = isShapeType(typeName) || TEXT_GEOMETRY.test(value);
  const geometry = shown ? parseGeometry(value, isShapeType(typeName) ? typeName : 'geometry') : null;
  const pretty = bytes === null ? prettyJson(value) : null;
  const xml = typeName === 'xml' || /^\s*<(\?xml|!DOCTYPE|[A-Za-z_])/.test(value) ? xmlLines(value) : null;
  const parts = partsOf(value, typeName, geometry !== null);
  const forms = { pretty, xml, parts, bytes, picture, geometry };
  const there: Readonly<Record<ViewerKind, boolean>> = {
    picture: picture !== null,
    map: geometry !== null && geometry.shapes.length > 0,
    pretty: pretty !== null,
    tree: pretty !== null,
    xml: xml !== null,
    list: parts !== null,
    hex: bytes !== null,
    raw: true,
  };
  return { ...forms, kinds: VIEWER_KINDS.filter((kind) => there[kind]) };
}

function partsOf(value: string, typeName: string, isGeometry: boolean): LiteralPart[] | null {
  if (value.length > MAX_LITERAL) return null;
  if (typeName.endsWith('[]')) return arrayParts(value);
  return isGeometry || PLAIN.test(typeName) ? null : rowParts(value);
}
