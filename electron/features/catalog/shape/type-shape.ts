import type { TypeShape } from '../../../../shared/model/compare-shape';
import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { groupBy, readColumns } from '../ddl/column-rows';
import { readDomainConstraints, readTypes } from '../ddl/type-rows';

const qualified = (ref: { readonly schema: string; readonly name: string } | null): string | null =>
  ref ? quoteQualified(ref.schema, ref.name) : null;

/** Types and domains as values that can be compared, by oid. */
export async function readTypeShapes(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<Map<number, TypeShape>> {
  if (oids.length === 0) return new Map();
  const rows = await readTypes(session, oids, signal);
  const relations = rows.flatMap((row) => (row.kind === 'c' ? [row.relation] : []));
  const attributes = await readColumns(session, relations, signal);
  const constraints = groupBy(await readDomainConstraints(session, oids, signal), (row) => row.type);
  return new Map(
    rows.map((row): [number, TypeShape] => [
      row.oid,
      {
        kind: row.kind,
        labels: row.enumLabels,
        attributes: (attributes.get(row.relation) ?? []).map(({ name, type, collation }) => ({
          name,
          type,
          collation: qualified(collation),
        })),
        domain: row.domain
          ? {
              base: row.domain.base,
              collation: qualified(row.collation),
              default: row.domain.default,
              notNull: row.domain.notNull,
              checks: (constraints.get(row.oid) ?? [])
                .filter((check) => check.kind === 'c')
                .map(({ name, definition }) => ({ name, definition })),
            }
          : null,
      },
    ]),
  );
}
