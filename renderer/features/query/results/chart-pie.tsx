import { useTranslation } from 'react-i18next';
import type { PieSlice } from '../../../../shared/model/chart';
import { visibleText } from '../../../ui/visible-text';
import classes from './chart.module.css';

const RADIUS = 100;
const COLORS = 8;

/** Where a share of the circle ends, from the top, clockwise. */
const edge = (share: number): string =>
  `${(RADIUS * Math.sin(2 * Math.PI * share)).toFixed(3)} ${(-RADIUS * Math.cos(2 * Math.PI * share)).toFixed(3)}`;

/** Shares of a whole, with their names and figures beside. */
export function ChartPie({ label, slices }: { readonly label: string; readonly slices: readonly PieSlice[] }) {
  const { t, i18n } = useTranslation('results');
  const number = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 6 });
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 });
  const starts = slices.map((_slice, index) => slices.slice(0, index).reduce((sum, { share }) => sum + share, 0));
  return (
    <div className={classes.pieFrame} data-pie>
      <svg className={classes.pie} viewBox="-104 -104 208 208" role="img" aria-label={label}>
        {slices.map(({ label: name, share }, index) => {
          const start = starts[index] ?? 0;
          const large = share > 0.5 ? 1 : 0;
          return share > 0.99999 ? (
            <circle key={name} r={RADIUS} className={classes.slice} data-series={index % COLORS} />
          ) : (
            <path
              key={name}
              className={classes.slice}
              data-series={index % COLORS}
              d={`M 0 0 L ${edge(start)} A ${RADIUS} ${RADIUS} 0 ${large} 1 ${edge(start + share)} Z`}
            />
          );
        })}
      </svg>
      <ul className={classes.slices}>
        {slices.map(({ label: name, value, share, others }, index) => (
          <li key={name}>
            <span className={classes.swatch} data-series={index % COLORS} />
            <span className={classes.sliceName} title={name}>
              {others > 0 ? t('chart.others', { count: others }) : name === '' ? t('chart.noName') : visibleText(name)}
            </span>
            <span className={classes.figure}>{number.format(value)}</span>
            <span className={classes.figure}>{percent.format(share)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
