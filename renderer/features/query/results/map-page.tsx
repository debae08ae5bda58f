import { Button, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isOnEarth, parseGeometry } from '../../../../shared/model/geometry';
import type { Geometry } from '../../../../shared/model/geometry-shapes';
import type { ResultColumn, ResultState } from '../../../../shared/model/query';
import { formatCount } from '../../../ui/bytes';
import { ErrorPanel } from '../../../ui/error-panel';
import { visibleText } from '../../../ui/visible-text';
import { MapCanvas } from './map-canvas';
import classes from './map.module.css';
import { shapeColumns } from './shape-columns';
import { useRows } from './use-rows';

/** Geometries that are drawn. */
const MAX_DRAWN = 10_000;
/** Positions of all of them together. */
const MAX_POSITIONS = 2_000_000;
const CELL_LIMIT = 1_000_000;

export interface MapPageProps {
  readonly result: ResultState;
  /** Rows that are not as they were read: they are drawn as they were. */
  readonly differing: number;
  readonly columns: readonly ResultColumn[];
  /** Shows a row in the grid. */
  readonly onRow: (row: number) => void;
}

/** All geometries of one column of a result. */
export function MapPage({ result, differing, columns, onRow }: MapPageProps) {
  const { t, i18n } = useTranslation('results');
  const shapes = shapeColumns(columns);
  const [column, setColumn] = useState(shapes[0] ?? 0);
  const [chosen, setChosen] = useState(-1);
  const count = Math.min(result.rowCount, MAX_DRAWN);
  const { rows, done, error } = useRows(result.complete ? result.resultId : null, 0, count, CELL_LIMIT);
  const typeName = columns[column]?.typeName ?? '';
  const drawn = useMemo(() => {
    const geometries: Geometry[] = [];
    const rowOf: number[] = [];
    let [positions, unread] = [0, 0];
    rows.forEach((row, index) => {
      const value = row[column];
      if (value == null) return;
      const geometry = positions > MAX_POSITIONS ? null : parseGeometry(value, typeName);
      if (geometry === null) {
        unread += 1;
        return;
      }
      positions += geometry.positions;
      geometries.push(geometry);
      rowOf.push(index);
    });
    return { geometries, rowOf, unread, onEarth: isOnEarth(geometries, typeName) };
  }, [rows, column, typeName]);
  const number = (value: number): string => formatCount(value, i18n.language);
  const row = drawn.rowOf[chosen];
  if (error !== null) return <ErrorPanel error={error} />;
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        {shapes.length > 1 ? (
          <Select
            size="xs"
            aria-label={t('map.column')}
            value={String(column)}
            data={shapes.map((index) => ({ value: String(index), label: visibleText(columns[index]?.name ?? '') }))}
            onChange={(next) => {
              setColumn(Number(next ?? column));
              setChosen(-1);
            }}
          />
        ) : null}
        <span className={classes.facts} role="status">
          {done
            ? t('map.drawn', { count: drawn.geometries.length, text: number(drawn.geometries.length) })
            : t('reading')}
          {drawn.unread > 0 ? ` · ${t('map.unread', { count: drawn.unread, text: number(drawn.unread) })}` : ''}
          {done && rows.length < result.rowCount ? ` · ${t('map.cut', { text: number(rows.length) })}` : ''}
          {differing > 0 ? ` · ${t('asRead', { count: differing })}` : ''}
        </span>
        {row === undefined ? null : (
          <Button size="xs" variant="default" onClick={() => onRow(row)}>
            {t('map.toRow', { row: number(row + 1) })}
          </Button>
        )}
      </div>
      <MapCanvas geometries={drawn.geometries} onEarth={drawn.onEarth} chosen={chosen} onChoose={setChosen} />
    </div>
  );
}
