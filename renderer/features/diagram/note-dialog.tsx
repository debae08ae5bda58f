import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagramNote } from '../../../shared/model/diagram';
import { ColourChoice } from './colour-choice';
import classes from './dialogs.module.css';

export interface NoteDialogProps {
  readonly note: DiagramNote;
  readonly isNew: boolean;
  readonly onSave: (note: DiagramNote) => void;
  readonly onClose: () => void;
}

/** Room for a text of this length, in units of the drawing. */
const heightFor = (text: string): number =>
  Math.min(
    480,
    24 + 18 * text.split('\n').reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / 30)), 0),
  );

/** The text and colour of a note. */
export function NoteDialog({ note, isNew, onSave, onClose }: NoteDialogProps) {
  const { t } = useTranslation('diagram');
  const [draft, setDraft] = useState(note);
  return (
    <Modal opened onClose={onClose} title={t(isNew ? 'note.new' : 'note.edit')} size={480}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSave({ ...draft, height: Math.max(48, heightFor(draft.text)) });
          onClose();
        }}
      >
        <Textarea
          label={t('note.text')}
          value={draft.text}
          data-autofocus
          autosize
          minRows={4}
          maxRows={12}
          onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
        />
        <ColourChoice value={draft.colour} onChange={(colour) => setDraft({ ...draft, colour })} />
        <div className={classes.actions}>
          <span className={classes.gap} />
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={draft.text.trim() === ''}>
            {t(isNew ? 'note.add' : 'note.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
