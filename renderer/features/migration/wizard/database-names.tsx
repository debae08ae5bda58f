import { Skeleton, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ObjectSelection } from '../../../../shared/model/migration';
import { formatBytes } from '../../../ui/bytes';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { ObjectIcon } from '../../../ui/object-icon';
import type { Problems } from '../model';
import classes from './picker.module.css';
import { findDatabase } from './selection';
import { renameDatabase } from './selection-names';
import { keyOf } from './selection-rules';

export interface DatabaseNamesProps {
  /** Null until they are known. */
  readonly databases: readonly { readonly name: string; readonly bytes: number }[] | null;
  readonly selection: ObjectSelection;
  readonly problems: Problems;
  readonly onChange: (selection: ObjectSelection) => void;
}

/** The databases of an entire instance, each with the name it gets on the target. */
export function DatabaseNames({ databases, selection, problems, onChange }: DatabaseNamesProps) {
  const { t } = useTranslation('migration');
  if (databases === null) return <Skeleton height={120} />;
  return (
    <table className={classes.table} aria-label={t('wizard.databases')}>
      <thead>
        <tr>
          <th scope="col">{t('wizard.database')}</th>
          <th scope="col" className="numeric">
            {t('wizard.bytes')}
          </th>
          <th scope="col">{t('wizard.newName')}</th>
        </tr>
      </thead>
      <tbody>
        {databases.map(({ name, bytes }) => {
          const rule = problems[keyOf(name)];
          return (
            <tr key={name}>
              <td>
                <span className={classes.named}>
                  <ObjectIcon kind="database" />
                  <MiddleEllipsis text={name} />
                </span>
              </td>
              <td className="numeric">{formatBytes(bytes)}</td>
              <td data-problem={rule === undefined ? undefined : true}>
                <TextInput
                  size="xs"
                  aria-label={t('wizard.newNameOf', { name })}
                  placeholder={name}
                  value={findDatabase(selection, name)?.newName ?? ''}
                  onChange={(event) => onChange(renameDatabase(selection, name, event.currentTarget.value))}
                  error={rule === undefined ? undefined : t(`wizard.rules.${rule}`, { example: `${name}_new` })}
                  spellCheck={false}
                  autoComplete="off"
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
