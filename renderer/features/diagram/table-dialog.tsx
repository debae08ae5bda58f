import { Button, Modal, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagramTable } from '../../../shared/model/diagram';
import { ColourChoice } from './colour-choice';
import { ColumnGrid } from './column-grid';
import classes from './dialogs.module.css';
import { newId } from './new-id';
import { isSound, newColumn, tableProblems } from './table-form';

export interface TableDialogProps {
  readonly table: DiagramTable;
  /** All tables of the diagram. */
  readonly others: readonly DiagramTable[];
  readonly isNew: boolean;
  readonly onSave: (table: DiagramTable) => void;
  readonly onClose: () => void;
}

/** A table's name, columns, keys and colour. */
export function TableDialog({ table, others, isNew, onSave, onClose }: TableDialogProps) {
  const { t } = useTranslation('diagram');
  const [draft, setDraft] = useState(table);
  const [tried, setTried] = useState(false);
  const problems = tableProblems(draft, others);
  const save = () => {
    setTried(true);
    if (!isSound(problems)) return;
    onSave(draft);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t(isNew ? 'table.new' : 'table.edit')} size={880}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div className={classes.fields}>
          <TextInput
            label={t('table.name')}
            value={draft.name}
            data-autofocus
            spellCheck={false}
            error={problems.name === null ? null : t(`problems.${problems.name}`)}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <TextInput
            label={t('table.schema')}
            value={draft.schema}
            spellCheck={false}
            error={problems.schema === null ? null : t(`problems.${problems.schema}`)}
            onChange={(event) => setDraft({ ...draft, schema: event.currentTarget.value })}
          />
          <ColourChoice value={draft.colour} onChange={(colour) => setDraft({ ...draft, colour })} />
        </div>
        <TextInput
          label={t('table.comment')}
          value={draft.comment}
          onChange={(event) => setDraft({ ...draft, comment: event.currentTarget.value })}
        />
        <ColumnGrid table={draft} problems={problems} onChange={setDraft} />
        <div className={classes.actions}>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.5} aria-hidden />}
            onClick={() => setDraft({ ...draft, columns: [...draft.columns, newColumn(draft, newId())] })}
          >
            {t('table.addColumn')}
          </Button>
          <span className={classes.gap} role="status">
            {tried && !isSound(problems) ? t('problems.some') : ''}
          </span>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit">{t(isNew ? 'table.add' : 'table.save')}</Button>
        </div>
      </form>
    </Modal>
  );
}
