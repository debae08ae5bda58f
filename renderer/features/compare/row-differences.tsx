import { Box } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DataResult } from '../../../shared/model/compare';
import classes from './data-tab.module.css';

/** The rows of a table that differ; of changed ones the target's value stands below the source's. */
export function RowDifferences({ result }: { readonly result: DataResult }) {
  const { t } = useTranslation('compare');
  const { columns, key, rows, more } = result;
  const places = key.map((column) => columns.indexOf(column));
  return (
    <Box className={classes.scroller ?? ''} tabIndex={0} role="region" aria-label={t('data.rows')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('data.difference')}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.kind} ${JSON.stringify(places.map((at) => (row.source ?? row.target)?.[at]))}`}>
              <td className={classes.note}>{t(`data.kinds.${row.kind}`)}</td>
              {columns.map((column, at) => {
                const isChanged = row.kind === 'changed' && row.source?.[at] !== row.target?.[at];
                return (
                  <td key={column} className={classes.value} data-changed={isChanged || undefined}>
                    <Value value={(row.source ?? row.target)?.[at] ?? null} />
                    {isChanged ? (
                      <>
                        <span className={classes.note}> ← </span>
                        <Value value={row.target?.[at] ?? null} />
                      </>
                    ) : null}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {more ? <p className={classes.note}>{t('data.more', { count: rows.length })}</p> : null}
    </Box>
  );
}

/** Characters of a value that are drawn. */
const DRAWN = 200;

const Value = ({ value }: { readonly value: string | null }) =>
  value === null ? (
    <span className={classes.null}>NULL</span>
  ) : (
    <span className="selectable">{value.length > DRAWN ? `${value.slice(0, DRAWN)}…` : value}</span>
  );
