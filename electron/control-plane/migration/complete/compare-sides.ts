import { AppError } from '../../../../shared/errors';
import type { CompareMode } from '../../../../shared/model/migration';
import { quoteQualified } from '../../../../shared/model/quote';
import { compareDatabase } from '../compare/compare-database';
import { comparedTables } from '../compare/compare-model';
import type { PlannedDatabase } from '../plan-model';
import type { RunContext } from '../worker/run-context';

/** Of the rows of each table when only some are compared. */
const SAMPLE_PERCENT = 10;
/** Tables that the reason names. */
const NAMED = 5;

/**
 * Compares both sides while nothing is written. Returns what was looked at, in words. Fails with `conflict`, naming the tables, when rows
 * differ or a table could not be compared; one that cannot be compared in this way is in the words only.
 */
export async function compareSides(
  ctx: RunContext,
  plan: PlannedDatabase,
  mode: CompareMode,
  signal: AbortSignal,
): Promise<string> {
  const results = new Map<string, string>();
  const reasons: string[] = [];
  const totals = await compareDatabase({
    database: plan.source,
    source: (until) => ctx.source.open(plan.source, until),
    target: (until) => ctx.target.open(plan.target, until),
    tables: comparedTables(plan),
    mode,
    samplePercent: SAMPLE_PERCENT,
    jobs: ctx.copyJobs(),
    lag: null,
    signal,
    onTable({ schema, name, result, reason }) {
      const table = quoteQualified(schema, name);
      if (results.get(table) !== result && (result === 'failed' || result === 'unfit'))
        reasons.push(`${table}: ${reason}`);
      results.set(table, result);
    },
    onDifferences: () => undefined,
  });
  const of = (wanted: string): string[] =>
    [...results].flatMap(([table, result]) => (result === wanted ? [table] : []));
  const bad = [...of('different'), ...of('failed')];
  if (bad.length > 0 || totals.different > 0) {
    throw new AppError({
      code: 'conflict',
      message: `${plan.source}: ${of('different').length} tables differ and ${of('failed').length} could not be compared: ${bad.slice(0, NAMED).join(', ')}${bad.length > NAMED ? ', …' : ''}`,
      detail: reasons.slice(0, NAMED).join('\n'),
      hint: 'Compare these tables to see which rows differ. Take the cut-over back, or complete without a comparison.',
    });
  }
  const unfit = of('unfit').length;
  return `${plan.source}: ${totals.tables} tables, ${totals.rows} rows${unfit > 0 ? `, ${unfit} could not be compared in this way` : ''}`;
}
