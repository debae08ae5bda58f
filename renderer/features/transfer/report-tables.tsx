import { IconAlertTriangle } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportReport } from '../../../shared/model/import';
import { formatCount } from '../../ui/bytes';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import classes from './report-tables.module.css';
import { byInterest, differs } from './model';

/** Height of a line in pixels, as `--row`. */
const LINE = 24;

/** Objects by kind and rows by table, source beside target. */
export function ReportTables({ report }: { readonly report: ImportReport }) {
  const { t, i18n } = useTranslation('transfer');
  const figure = (value: number | null): string => (value === null ? '—' : formatCount(value, i18n.language));
  const tables = useMemo(() => byInterest(report.tables), [report.tables]);
  const present = report.objects.filter(({ source, target }) => (source ?? 0) + target > 0);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: tables.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  return (
    <div className={classes.pair}>
      <section className={classes.table} aria-label={t('result.rows')}>
        <div className={classes.header}>
          <span className={classes.name}>{t('result.table')}</span>
          <span className={classes.figure}>{t('result.source')}</span>
          <span className={classes.figure}>{t('result.target')}</span>
        </div>
        <div ref={scroller} className={classes.scroll}>
          <div className={classes.canvas} style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((row) => {
              const table = tables[row.index];
              if (table === undefined) return null;
              const different = differs(table);
              return (
                <div
                  key={`${table.schema}.${table.name}`}
                  className={classes.line}
                  data-differs={different || undefined}
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <span className={classes.name}>
                    {different ? <IconAlertTriangle size={16} stroke={1.5} aria-label={t('result.differs')} /> : null}
                    <MiddleEllipsis text={`${table.schema}.${table.name}`} tail={12} />
                  </span>
                  <span className={classes.figure}>{figure(table.sourceRows)}</span>
                  <span className={classes.figure}>
                    {table.targetRows === null ? t('result.missing') : figure(table.targetRows)}
                  </span>
                </div>
              );
            })}
          </div>
        </div>
      </section>
      <section className={classes.table} aria-label={t('result.objects')}>
        <div className={classes.header}>
          <span className={classes.name}>{t('result.kind')}</span>
          {present.some(({ source }) => source !== null) ? (
            <span className={classes.figure}>{t('result.source')}</span>
          ) : null}
          <span className={classes.figure}>{t('result.target')}</span>
        </div>
        {present.map(({ kind, source, target }) => (
          <div key={kind} className={classes.plain} data-differs={(source !== null && source !== target) || undefined}>
            <span className={classes.name}>{t(`objectKinds.${kind}`)}</span>
            {source === null ? null : <span className={classes.figure}>{figure(source)}</span>}
            <span className={classes.figure}>{figure(target)}</span>
          </div>
        ))}
      </section>
    </div>
  );
}
