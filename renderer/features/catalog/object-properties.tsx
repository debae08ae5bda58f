import { useTranslation } from 'react-i18next';
import type { ObjectProperties, PropertyGrid } from '../../../shared/model/catalog';
import classes from './object-view.module.css';
import { formatCell, formatItem, isFigure } from './property-format';

/** Facts of an object, and its parts in small grids. */
export function ObjectPropertiesView({ properties }: { readonly properties: ObjectProperties }) {
  const { t, i18n } = useTranslation('catalog');
  const words = (value: boolean): string => t(value ? 'yes' : 'no');
  return (
    <div className={classes.properties}>
      <dl className={classes.items}>
        {properties.items.map((item) => (
          <FactLine key={item.key} label={t(`properties.${item.key}`)}>
            {item.kind === 'code' ? (
              <pre className={classes.code}>{item.value}</pre>
            ) : (
              <span
                className={classes.number}
                title={item.kind === 'bytes' ? t('bytes', { count: Number(item.value) }) : undefined}
              >
                {formatItem(item, i18n.language, words)}
              </span>
            )}
          </FactLine>
        ))}
      </dl>
      {properties.grids.map((grid) => (
        <GridOfProperties key={grid.key} grid={grid} />
      ))}
    </div>
  );
}

function FactLine({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function GridOfProperties({ grid }: { readonly grid: PropertyGrid }) {
  const { t, i18n } = useTranslation('catalog');
  const words = (value: boolean): string => t(value ? 'yes' : 'no');
  const title = t(`grids.${grid.key}`);
  return (
    <section className={classes.grid} aria-label={title}>
      <h2>
        {title} ({grid.rows.length})
      </h2>
      <div className={classes.gridScroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              {grid.columns.map((column) => (
                <th key={column} scope="col" data-align={isFigure(column) ? 'right' : undefined}>
                  {t(`columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.rows.map((row) => (
              <tr key={row.join('\u0000')}>
                {grid.columns.map((column, at) => (
                  <td key={column} title={row[at]} data-align={isFigure(column) ? 'right' : undefined}>
                    {formatCell(column, row[at] ?? '', i18n.language, words)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
