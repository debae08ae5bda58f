import { useTranslation } from 'react-i18next';
import type { CopyFormat } from '../../../../shared/model/query';
import { useTabActions } from '../../../ui/workbench';
import { COPIES } from '../result-menu';
import { RESULT_MODES, type ResultMode } from './mode-switch';

/** What a result's page can do now. */
export interface ResultDeeds {
  readonly mode: ResultMode;
  readonly hasColumns: boolean;
  readonly hasShapes: boolean;
  readonly hasRows: boolean;
  readonly complete: boolean;
  readonly barOpen: boolean;
  /** Whether the server can sort and filter it now. */
  readonly arrangeable: boolean;
  readonly hasCell: boolean;
  show(mode: ResultMode): void;
  save(): void;
  copy(format: CopyFormat, header: boolean): void;
  toggleBar(): void;
  /** Writes a filter of the cell's column. */
  filter(): void;
  sort(descending: boolean): void;
  /** Only rows with the cell's value, or only others. */
  filterByValue(same: boolean): void;
  toggleValue(): void;
}

/** Offers what a result's tools and menus do. */
export function useResultActions(deeds: ResultDeeds): void {
  const { t } = useTranslation('query');
  const { t: words } = useTranslation('results');
  const still = !deeds.arrangeable;
  const noCell = still || !deeds.hasCell;
  useTabActions([
    ...RESULT_MODES.map((mode) => ({
      id: `result.${mode}`,
      label: words(`mode.action.${mode}`),
      disabled: !deeds.hasColumns || mode === deeds.mode || (mode === 'map' && !deeds.hasShapes),
      run: () => deeds.show(mode),
    })),
    { id: 'result.save', label: t('save.label'), disabled: !deeds.complete, run: deeds.save },
    ...COPIES.map(({ key, format, header }) => ({
      id: `result.copy-${key}`,
      label: t(`copy.${key}`),
      disabled: !deeds.hasRows,
      run: () => deeds.copy(format, header),
    })),
    { id: 'result.filter', label: words('filter.hint'), disabled: still && !deeds.barOpen, run: deeds.toggleBar },
    { id: 'result.filter-column', label: words('filter.add'), disabled: still, run: deeds.filter },
    { id: 'result.only', label: words('filter.only'), disabled: noCell, run: () => deeds.filterByValue(true) },
    { id: 'result.except', label: words('filter.except'), disabled: noCell, run: () => deeds.filterByValue(false) },
    { id: 'result.ascending', label: words('sort.ascending'), disabled: noCell, run: () => deeds.sort(false) },
    { id: 'result.descending', label: words('sort.descending'), disabled: noCell, run: () => deeds.sort(true) },
    { id: 'result.value', label: t('viewer.open'), disabled: !deeds.hasColumns, run: deeds.toggleValue },
  ]);
}
