import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconAlertCircle, IconArrowDown, IconArrowUp, IconFilter, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../../shared/errors';
import { conditionFlaw, conditionNames, isArranged, NO_ARRANGEMENT } from '../../../../shared/model/arrange';
import type { ColumnFilter, ResultColumn } from '../../../../shared/model/query';
import { useTabActions } from '../../../ui/workbench';
import { visibleText } from '../../../ui/visible-text';
import { isBare, sortedBy, withFilter, withoutFilter } from './arrange-model';
import classes from './arrange-bar.module.css';
import { FilterForm } from './filter-form';
import type { Arranging } from './use-arrange';

export interface ArrangeBarProps {
  readonly arranging: Arranging;
  readonly columns: readonly ResultColumn[];
  /** The column whose filter is being written; null is none. */
  readonly filtering: number | null;
  readonly onFilter: (column: number | null) => void;
  readonly onClose: () => void;
}

/** How a result is sorted and filtered, and a condition in the person's own SQL. */
export function ArrangeBar({ arranging, columns, filtering, onFilter, onClose }: ArrangeBarProps) {
  const { t } = useTranslation('results');
  const { arrangement, busy, apply } = arranging;
  const [where, setWhere] = useState(arranging.wish.where);
  const clear = () => {
    setWhere('');
    apply(NO_ARRANGEMENT);
  };
  const nothing = busy || !isArranged(arrangement);
  useTabActions([
    { id: 'result.clear-filters', label: t('clearSorting'), disabled: nothing, run: clear },
    { id: 'result.cancel-filter', label: t('cancelSorting'), disabled: !busy, run: arranging.cancel },
  ]);
  const flaw = conditionFlaw(where);
  const nameOf = (column: number): string => visibleText(columns[column]?.name ?? '');
  const filterText = ({ column, test, value }: ColumnFilter): string =>
    `${nameOf(column)} ${t(`filter.test.${test}`)}${isBare(test) ? '' : ` ${visibleText(value.slice(0, 80))}`}`;
  const names = conditionNames(columns);
  const renamed = names.filter((name, index) => name !== columns[index]?.name);
  return (
    <div className={classes.bar} role="group" aria-label={t('arrange')}>
      <div className={classes.line}>
        {arrangement.sort.map((key) => (
          <Chip
            key={`s${key.column}`}
            label={nameOf(key.column)}
            icon={key.descending ? <IconArrowDown size={14} stroke={1.5} /> : <IconArrowUp size={14} stroke={1.5} />}
            removing={t('sort.remove', { name: nameOf(key.column) })}
            title={t(key.descending ? 'sort.descending' : 'sort.ascending')}
            onRemove={() => apply(sortedBy(arrangement, key.column, null, true))}
          />
        ))}
        {arrangement.filters.map((filter, index) => (
          <Chip
            // Equal filters are one as good as the other.
            key={`f${index}${filterText(filter)}`}
            label={filterText(filter)}
            icon={<IconFilter size={14} stroke={1.5} />}
            removing={t('filter.remove', { name: filterText(filter) })}
            title={filterText(filter)}
            onRemove={() => apply(withoutFilter(arrangement, index))}
          />
        ))}
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconFilter size={16} stroke={1.5} />}
          onClick={() => onFilter(filtering === null ? 0 : null)}
          aria-expanded={filtering !== null}
        >
          {t('filter.add')}
        </Button>
        <form
          className={classes.where}
          onSubmit={(event) => {
            event.preventDefault();
            if (flaw === null) apply({ ...arrangement, where });
          }}
        >
          <span className={classes.word} aria-hidden>
            WHERE
          </span>
          <TextInput
            size="xs"
            className={classes.condition}
            classNames={{ input: classes.sql ?? '' }}
            aria-label={t('where.label')}
            placeholder={t('where.placeholder')}
            spellCheck={false}
            value={where}
            error={flaw === null ? undefined : t(`where.flaw.${flaw}`)}
            title={renamed.length > 0 ? t('where.renamed', { names: renamed.slice(0, 10).join(', ') }) : undefined}
            onChange={(event) => setWhere(event.currentTarget.value)}
          />
          <Button
            size="xs"
            type="submit"
            variant="default"
            disabled={busy || flaw !== null || where === arrangement.where}
          >
            {t('apply')}
          </Button>
        </form>
        {busy ? (
          <Button size="xs" variant="default" onClick={arranging.cancel}>
            {t('cancel')}
          </Button>
        ) : null}
        <Button size="xs" variant="subtle" disabled={nothing} onClick={clear}>
          {t('clearAll')}
        </Button>
        <ActionIcon aria-label={t('closeBar')} onClick={onClose}>
          <IconX size={16} stroke={1.5} />
        </ActionIcon>
      </div>
      {filtering === null ? null : (
        <FilterForm
          key={filtering}
          columns={columns}
          column={filtering}
          onCancel={() => onFilter(null)}
          onFilter={(filter) => {
            onFilter(null);
            apply(withFilter(arrangement, filter));
          }}
        />
      )}
      {arranging.error === null ? null : <Failure error={arranging.error} />}
    </div>
  );
}

/** In the server's own words; the rows stay. */
function Failure({ error }: { readonly error: unknown }) {
  const { t } = useTranslation('results');
  const info = errorInfo(error);
  return (
    <div className={classes.failure} role="alert">
      <IconAlertCircle size={16} stroke={1.5} aria-hidden />
      <span className="selectable">
        {info.message}
        {info.hint === undefined ? '' : ` ${info.hint}`}
        {info.sqlstate === undefined ? '' : ` (${info.sqlstate})`}
      </span>
      <span className={classes.kept}>{t('kept')}</span>
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly title: string;
  readonly removing: string;
  readonly onRemove: () => void;
}

function Chip({ label, icon, title, removing, onRemove }: ChipProps) {
  return (
    <span className={classes.chip} title={title}>
      {icon}
      <span className={classes.chipText}>{label}</span>
      <button type="button" className={classes.remove} aria-label={removing} title={removing} onClick={onRemove}>
        <IconX size={12} stroke={1.5} aria-hidden />
      </button>
    </span>
  );
}
