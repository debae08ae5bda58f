import { quoteLiteral, quoteQualified } from '../../../../../shared/model/quote';
import type { EnumDetail } from './ddl-event';
import { newPlan, type DdlWorld } from './ddl-plan';
import type { DdlSinkOptions } from './ddl-sink';
import { addStatement } from './single-statement';

const LABELS = `SELECT e.enumlabel::text AS label FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = $1 AND t.typname = $2`;

interface Said {
  readonly tag: string;
  readonly query: string | null;
  readonly path: string;
}

/**
 * Adds values to enumerations at once, outside of the transaction at hand: no transaction may use a value that it has added. Nobody sees a value
 * before it is used, so that it may come early. Returns statements for what is no new value.
 */
export async function addEnumValues(
  enums: readonly EnumDetail[],
  event: Said,
  world: DdlWorld,
  { applier, asking, signal }: Pick<DdlSinkOptions, 'applier' | 'asking' | 'signal'>,
): Promise<string[]> {
  const left = newPlan();
  // The type may have been made by a transaction before that is not durable yet.
  await applier.settle();
  for (const { schema, name, labels } of enums) {
    const mapped = world.names.schema(schema);
    if (mapped === undefined) continue;
    const done = await asking(async (session) => {
      const rows = await session.query<{ label: string }>(LABELS, [mapped, name], signal);
      const there = new Set(rows.map(({ label }) => label));
      const missing = labels.filter((label) => !there.has(label));
      const surplus = [...there].filter((label) => !labels.includes(label));
      if (there.size === 0 || missing.length === 0 || surplus.length > 0) return false;
      for (const [at, label] of labels.entries()) {
        if (there.has(label)) continue;
        const next = labels.slice(at + 1).find((other) => there.has(other));
        const where =
          at > 0
            ? ` AFTER ${quoteLiteral(labels[at - 1] ?? '')}`
            : next === undefined
              ? ''
              : ` BEFORE ${quoteLiteral(next)}`;
        await session.query(
          `ALTER TYPE ${quoteQualified(mapped, name)} ADD VALUE IF NOT EXISTS ${quoteLiteral(label)}${where}`,
          [],
          signal,
        );
      }
      return true;
    });
    if (!done) addStatement(left, world, event);
  }
  return left.statements;
}
