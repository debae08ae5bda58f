import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditColumn, NewValue } from '../../../../shared/model/edit';
import { visibleText } from '../../../ui/visible-text';
import { isJson, withBreaksOf } from './cell-kinds';
import classes from './edit.module.css';

export interface LargeDialogProps {
  readonly column: EditColumn;
  readonly initial: NewValue;
  readonly onCommit: (value: NewValue) => void;
  readonly onClose: () => void;
}

/** What is wrong with a text that should be JSON; empty when nothing is. */
function jsonFault(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A value with room: long texts, JSON with a word on what is wrong with it, XML. */
export function LargeDialog({ column, initial, onCommit, onClose }: LargeDialogProps) {
  const { t } = useTranslation('data');
  const [text, setText] = useState(typeof initial === 'string' ? initial : '');
  const [touched, setTouched] = useState(false);
  const fault = isJson(column) && text !== '' ? jsonFault(text) : '';
  const apply = () => onCommit(touched || typeof initial === 'string' ? text : initial);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('large.title', { column: visibleText(column.name) })}
      size="var(--dialog-width)"
    >
      <form
        className={classes.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <Textarea
          data-autofocus
          label={column.type}
          classNames={{ input: classes.code ?? '' }}
          autosize
          minRows={10}
          maxRows={22}
          spellCheck={false}
          placeholder={initial === null && !touched ? 'NULL' : ''}
          value={text}
          error={fault === '' ? null : fault}
          onChange={(event) => {
            setText(withBreaksOf(initial, event.currentTarget.value));
            setTouched(true);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) apply();
          }}
        />
        <div className={classes.dialogActions}>
          {column.nullable ? (
            <Button variant="default" onClick={() => onCommit(null)}>
              {t('large.null')}
            </Button>
          ) : null}
          {column.hasDefault ? (
            <Button variant="default" onClick={() => onCommit({ default: true })}>
              {t('large.default')}
            </Button>
          ) : null}
          <span className={classes.gap} />
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit">{t('large.apply')}</Button>
        </div>
      </form>
    </Modal>
  );
}
