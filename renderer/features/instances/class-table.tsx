import { useTranslation } from 'react-i18next';
import classes from './class-table.module.css';
import type { InstanceClass } from './form';

export interface ClassTableProps {
  readonly label: string;
  readonly choices: readonly InstanceClass[];
  readonly value: string;
  /** Marked as what the instance has now. */
  readonly current?: string;
  readonly onChange: (chosen: InstanceClass) => void;
}

/** The specifications, one chosen by its row. */
export function ClassTable({ label, choices, value, current, onChange }: ClassTableProps) {
  const { t } = useTranslation('instances');
  return (
    <div className={classes.box}>
      <table aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('buy.classCode')}</th>
            <th scope="col">{t('buy.cpu')}</th>
            <th scope="col">{t('buy.memory')}</th>
            <th scope="col">{t('buy.connections')}</th>
          </tr>
        </thead>
        <tbody>
          {choices.map((each) => (
            <tr key={each.code} data-chosen={each.code === value || undefined} onClick={() => onChange(each)}>
              <td>
                <label>
                  <input
                    type="radio"
                    name="instance-class"
                    value={each.code}
                    checked={each.code === value}
                    onChange={() => onChange(each)}
                  />
                  {each.code}
                  {each.code === current ? <span className={classes.current}>{t('buy.now-current')}</span> : null}
                </label>
              </td>
              <td>{t('buy.cores', { count: each.cpu })}</td>
              <td>{each.memoryGb} GB</td>
              <td>{each.maxConnections === 0 ? '–' : each.maxConnections}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
