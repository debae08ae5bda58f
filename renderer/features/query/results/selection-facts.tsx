import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isNumberType } from '../../../../shared/model/csv-format';
import type { ResultColumn } from '../../../../shared/model/query';
import { api } from '../../../api';
import { formatCount } from '../../../ui/bytes';
import type { CellRange } from '../../../ui/grid/grid-model';
import { type CellSums, cellSums } from './cell-sums';
import classes from './selection-facts.module.css';

/** Cells that are added up. */
const MAX_CELLS = 100_000;
const PAGE = 5000;
/** Longer texts are no numbers that anybody adds up. */
const CELL_LIMIT = 1000;
/** Milliseconds that a selection stays before it is added up. */
const SETTLED_AFTER = 200;

export interface SelectionFactsProps {
  readonly resultId: string;
  readonly columns: readonly ResultColumn[];
  readonly range: CellRange;
}

/** How much is selected, and what its numbers come to. */
export function SelectionFacts({ resultId, columns, range }: SelectionFactsProps) {
  const { t, i18n } = useTranslation('results');
  const rows = range.to - range.from + 1;
  const numeric = range.columns.filter((index) => isNumberType(columns[index]?.typeOid ?? 0));
  const cells = rows * numeric.length;
  const wanted = cells > 1 && cells <= MAX_CELLS;
  const sums = useSums(resultId, range, numeric, wanted);
  const text = (value: string | null): string => value ?? '–';
  return (
    <>
      {sums === null || sums.numbers === 0 ? null : (
        <span className={classes.sums} data-sums>
          <span>{t('sums.sum', { text: text(sums.sum) })}</span>
          <span>{t('sums.average', { text: text(sums.average) })}</span>
          <span>{t('sums.least', { text: text(sums.least) })}</span>
          <span>{t('sums.greatest', { text: text(sums.greatest) })}</span>
          {sums.nulls > 0 ? <span>{t('sums.nulls', { text: formatCount(sums.nulls, i18n.language) })}</span> : null}
        </span>
      )}
      {cells > MAX_CELLS ? (
        <span className={classes.sums}>{t('sums.tooMany', { text: formatCount(MAX_CELLS, i18n.language) })}</span>
      ) : null}
    </>
  );
}

/** Null until they are known, and while they are not wanted. */
function useSums(resultId: string, range: CellRange, numeric: readonly number[], wanted: boolean): CellSums | null {
  const key = `${resultId}/${range.from}/${range.to}/${numeric.join(',')}`;
  const [known, setKnown] = useState<{ key: string; sums: CellSums } | null>(null);
  useEffect(() => {
    if (!wanted) return undefined;
    const ending = new AbortController();
    const { signal } = ending;
    const [, from, to, chosen] = key.split('/').map((part) => part.split(',').map(Number));
    const read = async () => {
      const values: (string | null)[] = [];
      const last = to?.[0] ?? -1;
      for (let at = from?.[0] ?? 0; at <= last;) {
        const page = await api.query.fetch(
          { resultId, from: at, count: Math.min(PAGE, last - at + 1), cellLimit: CELL_LIMIT },
          signal,
        );
        if (page.length === 0) break;
        for (const row of page) for (const column of chosen ?? []) values.push(row[column] ?? null);
        at += page.length;
      }
      return cellSums(values);
    };
    const timer = setTimeout(() => {
      read().then(
        (sums) => {
          if (!signal.aborted) setKnown({ key, sums });
        },
        // A result that is gone has nothing to add up.
        () => undefined,
      );
    }, SETTLED_AFTER);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [key, resultId, wanted]);
  return wanted && known?.key === key ? known.sums : null;
}
