import { Button } from '@mantine/core';
import { IconSchema } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { EmptyState } from '../../ui/empty-state';
import { focusSoon } from '../../ui/focus-soon';
import { useTabActions } from '../../ui/workbench';
import { DiagramCanvas } from './diagram-canvas';
import classes from './diagram-view.module.css';
import { ExistingDialog } from './existing-dialog';
import { NoteDialog } from './note-dialog';
import { RelationDialog } from './relation-dialog';
import type { DiagramTab } from './store';
import { TableDialog } from './table-dialog';
import { TablePanel, type TablePanelHandle } from './table-panel';
import { Toolbar } from './toolbar';
import type { DiagramDeeds } from './use-diagram-deeds';

export interface DiagramWorkProps {
  readonly tab: DiagramTab;
  readonly hasDatabase: boolean;
  readonly deeds: DiagramDeeds;
}

/** Tools above, tables at the left, the drawing, and the dialog that is open. */
export function DiagramWork({ tab, hasDatabase, deeds }: DiagramWorkProps) {
  const { t } = useTranslation('diagram');
  const diagram = useStore(tab.store, (state) => state.history.present);
  const panel = useRef<TablePanelHandle>(null);
  const { open, close, onDeed, onEdit, onLink, openFile, addExisting, words, putTable, putNote } = deeds;
  const empty = diagram.tables.length === 0 && diagram.notes.length === 0;
  useTabActions([{ id: 'diagram.search', label: t('panel.search'), keys: 'mod+f', run: () => focusSoon(panel) }]);
  return (
    <div className={classes.view}>
      <Toolbar tab={tab} hasDatabase={hasDatabase} onDeed={onDeed} />
      <div className={classes.work}>
        <TablePanel ref={panel} tab={tab} onEdit={onEdit} />
        <DiagramCanvas
          tab={tab}
          words={words}
          onLink={onLink}
          onEdit={onEdit}
          onDuplicate={() => onDeed('duplicate')}
          onSave={() => onDeed('save')}
          onSearch={() => panel.current?.focus()}
        />
        {empty ? (
          <div className={classes.hint}>
            <EmptyState
              icon={<IconSchema size={32} stroke={1.5} />}
              title={t(diagram.baseline ? 'empty.noTables' : 'empty.title')}
              text={t('empty.text')}
              action={<Button onClick={() => onDeed('add-table')}>{t('deeds.add-table')}</Button>}
            />
          </div>
        ) : null}
      </div>
      <ConfirmDialog
        opened={open?.dialog === 'discard'}
        title={t('discard.title')}
        deed={t('discard.deed')}
        danger
        onConfirm={openFile}
        onClose={close}
      >
        {t('discard.text')}
      </ConfirmDialog>
      {open?.dialog === 'table' ? (
        <TableDialog table={open.table} others={diagram.tables} isNew={open.isNew} onSave={putTable} onClose={close} />
      ) : null}
      {open?.dialog === 'existing' ? (
        <ExistingDialog database={open.database} tables={diagram.tables} onAdd={addExisting} onClose={close} />
      ) : null}
      {open?.dialog === 'note' ? (
        <NoteDialog note={open.note} isNew={open.isNew} onSave={putNote} onClose={close} />
      ) : null}
      {open?.dialog === 'relation' ? (
        <RelationDialog
          diagram={diagram}
          start={open.draft}
          isNew={open.isNew}
          onSave={(next) => tab.change(next)}
          onClose={close}
        />
      ) : null}
    </div>
  );
}
