import { useTranslation } from 'react-i18next';
import { useTabActions, type TabActionOffer } from '../../ui/workbench';
import { DETAILS, type Detail } from './geometry';
import type { DiagramTab } from './store';
import type { DiagramDeed } from './toolbar';

/** Why a tool can't be used now. */
export interface ToolStates {
  /** There is no table. */
  readonly empty: boolean;
  readonly hasDatabase: boolean;
  readonly onlySaved: boolean;
  readonly selected: number;
  readonly selectedTables: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly hasBaseline: boolean;
  readonly detail: Detail;
}

/** Keys that work wherever the focus is in the tab; others are those of the drawing and would take letters from fields. */
const KEYS: Readonly<Partial<Record<DiagramDeed, string>>> = { save: 'mod+s', duplicate: 'mod+d' };

/** What the tools do, for the palette and for keys that the person chose. */
export function useToolbarOffers(tab: DiagramTab, states: ToolStates, onDeed: (deed: DiagramDeed) => void): void {
  const { t } = useTranslation('diagram');
  const { empty, hasDatabase, selected, selectedTables, detail } = states;
  const deed = (name: DiagramDeed, disabled = false): TabActionOffer => ({
    id: `diagram.${name}`,
    label: t(`deeds.${name}`),
    keys: KEYS[name],
    disabled,
    run: () => onDeed(name),
  });
  const own = (
    name: 'remove' | 'undo' | 'redo' | 'zoom-in' | 'zoom-out' | 'fit',
    run: () => void,
    disabled = false,
  ): TabActionOffer => ({ id: `diagram.${name}`, label: t(`deeds.${name}`), disabled, run });
  useTabActions([
    deed('add-table'),
    deed('relate', empty),
    deed('add-note'),
    deed('edit', selected !== 1),
    deed('duplicate', selectedTables === 0),
    own('remove', tab.remove, selected === 0),
    deed('add-existing', !hasDatabase),
    deed('add-related', !hasDatabase || selectedTables === 0),
    own('undo', tab.undo, !states.canUndo),
    own('redo', tab.redo, !states.canRedo),
    deed('layout', empty),
    ...DETAILS.map((each) => ({
      id: `diagram.show-${each}`,
      label: t('details.show', { detail: t(`details.${each}`) }),
      disabled: each === detail,
      run: () => tab.setDetail(each),
    })),
    own('zoom-out', () => tab.zoomBy(0.8)),
    own('zoom-in', () => tab.zoomBy(1.25)),
    own('fit', tab.fit),
    deed('create-sql', empty || !hasDatabase),
    deed('change-sql', !states.hasBaseline || !hasDatabase),
    deed('copy-sql', empty),
    deed('export-sql', empty),
    deed('save', states.onlySaved),
    deed('save-as'),
    deed('open'),
    deed('export-svg', empty),
    deed('export-png', empty),
  ]);
}
