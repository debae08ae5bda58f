import { ActionIcon, Autocomplete, Checkbox, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DiagramColumn, DiagramTable } from '../../../shared/model/diagram';
import classes from './dialogs.module.css';
import { newId } from './new-id';
import { COMMON_TYPES, moveColumn, toggleKey, toggleUnique, type TableProblems } from './table-form';

export interface ColumnGridProps {
  readonly table: DiagramTable;
  readonly problems: TableProblems;
  readonly onChange: (table: DiagramTable) => void;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** The columns of a table, a line each. */
export function ColumnGrid({ table, problems, onChange }: ColumnGridProps) {
  const { t } = useTranslation('diagram');
  const put = (column: DiagramColumn) =>
    onChange({ ...table, columns: table.columns.map((each) => (each.id === column.id ? column : each)) });
  const inKey = (id: string): boolean => table.primaryKey?.columns.includes(id) === true;
  const isUnique = (id: string): boolean =>
    table.uniques.some((key) => key.columns.length === 1 && key.columns[0] === id);
  /** Where the value comes from otherwise; the default's field then holds an expression, or nothing. */
  const sourced = ({ source }: DiagramColumn): boolean => source.startsWith('identity') || source === 'serial';
  return (
    <div className={classes.columns}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('column.name')}</th>
            <th scope="col">{t('column.type')}</th>
            <th scope="col" title={t('column.primary')}>
              {t('column.pk')}
            </th>
            <th scope="col">{t('column.notNull')}</th>
            <th scope="col">{t('column.unique')}</th>
            <th scope="col">{t('column.default')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {table.columns.map((column, index) => {
            const wrong = problems.columns.get(column.id);
            const number = index + 1;
            return (
              <tr key={column.id}>
                <td>
                  <TextInput
                    aria-label={t('column.nameOf', { number })}
                    value={column.name}
                    spellCheck={false}
                    error={wrong?.name ? t(`problems.${wrong.name}`) : null}
                    onChange={(event) => put({ ...column, name: event.currentTarget.value })}
                  />
                </td>
                <td>
                  <Autocomplete
                    aria-label={t('column.typeOf', { number })}
                    data={COMMON_TYPES}
                    value={column.type}
                    spellCheck={false}
                    error={wrong?.type === true ? t('problems.type') : null}
                    onChange={(type) => put({ ...column, type })}
                  />
                </td>
                <td>
                  <Checkbox
                    aria-label={t('column.primaryOf', { number })}
                    checked={inKey(column.id)}
                    onChange={() => onChange(toggleKey(table, column.id, newId))}
                  />
                </td>
                <td>
                  <Checkbox
                    aria-label={t('column.notNullOf', { number })}
                    checked={column.notNull}
                    disabled={inKey(column.id)}
                    onChange={() => put({ ...column, notNull: !column.notNull })}
                  />
                </td>
                <td>
                  <Checkbox
                    aria-label={t('column.uniqueOf', { number })}
                    checked={isUnique(column.id)}
                    onChange={() => onChange(toggleUnique(table, column.id, newId))}
                  />
                </td>
                <td>
                  <TextInput
                    aria-label={t('column.defaultOf', { number })}
                    value={sourced(column) ? t(`sources.${column.source}`) : column.default}
                    spellCheck={false}
                    readOnly={sourced(column)}
                    onChange={(event) => put({ ...column, default: event.currentTarget.value })}
                  />
                </td>
                <td className={classes.buttons}>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('column.up', { number })}
                    disabled={index === 0}
                    onClick={() => onChange(moveColumn(table, column.id, -1))}
                  >
                    <IconArrowUp {...icon} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('column.down', { number })}
                    disabled={number === table.columns.length}
                    onClick={() => onChange(moveColumn(table, column.id, 1))}
                  >
                    <IconArrowDown {...icon} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('column.remove', { number })}
                    onClick={() => onChange({ ...table, columns: table.columns.filter(({ id }) => id !== column.id) })}
                  >
                    <IconTrash {...icon} />
                  </ActionIcon>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
